/** Sockets and timers of BGP sessions, on Netty. */
@NullMarked
package dev.peerage.bgp.transport;

import org.jspecify.annotations.NullMarked;
