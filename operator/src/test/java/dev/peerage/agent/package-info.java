/** Tests of {@code agent}. */
@NullMarked
package dev.peerage.agent;

import org.jspecify.annotations.NullMarked;
