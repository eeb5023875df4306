/** Tests of {@code peering}. */
@NullMarked
package dev.peerage.peering;

import org.jspecify.annotations.NullMarked;
