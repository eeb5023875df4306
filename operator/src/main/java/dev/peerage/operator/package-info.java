/** The operator as a whole: what is configured once for all reconcilers, and its start and end. */
@NullMarked
package dev.peerage.operator;

import org.jspecify.annotations.NullMarked;
