/**
 * The agent of one node: informers, the loop that plans when they tell of a change, and the writers
 * of the NodeConfig's status and of Events. What is planned is decided in {@code peering} and
 * {@code announce}.
 */
@NullMarked
package dev.peerage.agent;

import org.jspecify.annotations.NullMarked;
