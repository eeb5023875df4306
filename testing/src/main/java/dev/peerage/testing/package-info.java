/** What the tests of all modules share. */
@NullMarked
package dev.peerage.testing;

import org.jspecify.annotations.NullMarked;
