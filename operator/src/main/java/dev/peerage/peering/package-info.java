/**
 * From a NodeConfig, its PeerConfigs and advertisements to who is a peer, with which settings, and
 * which advertisements each peer selects. Pure.
 */
@NullMarked
package dev.peerage.peering;

import org.jspecify.annotations.NullMarked;
