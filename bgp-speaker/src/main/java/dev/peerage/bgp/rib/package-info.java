/**
 * The routing information bases of an instance: what peers sent, what is originated here, the best
 * path to each prefix (RFC 4271 sections 3.2 and 9.1). No socket, no thread, no clock.
 */
@NullMarked
package dev.peerage.bgp.rib;

import org.jspecify.annotations.NullMarked;
