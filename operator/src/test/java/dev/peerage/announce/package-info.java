/** Tests of {@code announce}. */
@NullMarked
package dev.peerage.announce;

import org.jspecify.annotations.NullMarked;
