/** A real API server without nodes: what it accepts, refuses and allows whom. */
@NullMarked
package dev.peerage.apiserver;

import org.jspecify.annotations.NullMarked;
