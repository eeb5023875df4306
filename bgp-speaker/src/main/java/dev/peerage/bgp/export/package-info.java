/**
 * What peers are told: export policy, and the adj-rib-outs that equal peers share (RFC 4271
 * sections 3.2 and 9.2), as encoded messages. Knows of the loc-rib only what {@link
 * dev.peerage.bgp.export.BestPaths} says. No socket, no thread, no clock; it allocates the buffers
 * that it encodes into, and logs routes that do not fit into a message.
 */
@NullMarked
package dev.peerage.bgp.export;

import org.jspecify.annotations.NullMarked;
