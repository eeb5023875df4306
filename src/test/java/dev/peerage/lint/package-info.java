/** What {@code lint} and {@code lab} make of manifests, held against a real cluster. */
@NullMarked
package dev.peerage.lint;

import org.jspecify.annotations.NullMarked;
