/** BGP-4 messages, path attributes, capabilities and their codec (RFC 4271 section 4). */
@NullMarked
package dev.peerage.bgp.wire;

import org.jspecify.annotations.NullMarked;
