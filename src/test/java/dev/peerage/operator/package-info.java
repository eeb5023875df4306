/** The operator as a process of its own, on a real API server. */
@NullMarked
package dev.peerage.operator;

import org.jspecify.annotations.NullMarked;
