/** Tests of {@code reading}. */
@NullMarked
package dev.peerage.reading;

import org.jspecify.annotations.NullMarked;
