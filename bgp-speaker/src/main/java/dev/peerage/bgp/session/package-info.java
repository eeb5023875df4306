/** The BGP finite state machine as a pure function (RFC 4271 section 8). */
@NullMarked
package dev.peerage.bgp.session;

import org.jspecify.annotations.NullMarked;
