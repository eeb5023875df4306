/** Files that people write: what is wrong in them, in words that help. */
@NullMarked
package dev.peerage.file;

import org.jspecify.annotations.NullMarked;
