/** Tells people, by Events, of objects that do nothing, or not what they seem to ask for. */
@NullMarked
package dev.peerage.advice;

import org.jspecify.annotations.NullMarked;
