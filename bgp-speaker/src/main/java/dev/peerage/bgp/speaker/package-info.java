/** The speaker's API: desired state in, immutable state out. */
@NullMarked
package dev.peerage.bgp.speaker;

import org.jspecify.annotations.NullMarked;
