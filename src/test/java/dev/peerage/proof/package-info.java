/** What the long tests share. */
@NullMarked
package dev.peerage.proof;

import org.jspecify.annotations.NullMarked;
