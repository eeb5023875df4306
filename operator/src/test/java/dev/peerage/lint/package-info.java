/** Tests of {@code lint}. */
@NullMarked
package dev.peerage.lint;

import org.jspecify.annotations.NullMarked;
