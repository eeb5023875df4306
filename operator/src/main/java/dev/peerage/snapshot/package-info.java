/**
 * What an agent knew last, in a file on its node: the format, when it is still good, and how it is
 * read and replaced.
 */
@NullMarked
package dev.peerage.snapshot;

import org.jspecify.annotations.NullMarked;
