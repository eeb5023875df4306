/** Benchmarks of what runs often: the codec and the tables. Never part of the product. */
@NullMarked
package dev.peerage.bench;

import org.jspecify.annotations.NullMarked;
