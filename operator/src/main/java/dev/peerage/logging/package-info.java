/** The lines of the log: their form, and from which level on they are written. */
@NullMarked
package dev.peerage.logging;

import org.jspecify.annotations.NullMarked;
