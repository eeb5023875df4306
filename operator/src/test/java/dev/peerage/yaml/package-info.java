/** Tests of {@code yaml}. */
@NullMarked
package dev.peerage.yaml;

import org.jspecify.annotations.NullMarked;
