/** Peerage installed as a user would, on a real cluster around a real router. */
@NullMarked
package dev.peerage.acceptance;

import org.jspecify.annotations.NullMarked;
