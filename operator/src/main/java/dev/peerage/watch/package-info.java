/** Watches of the API server, and the loop that plans when they tell of a change. */
@NullMarked
package dev.peerage.watch;

import org.jspecify.annotations.NullMarked;
