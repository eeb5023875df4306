/**
 * Sets and tables of prefixes: a persistent set that is compared by its differences, and a compact
 * hash table. No socket, no thread, no clock.
 */
@NullMarked
package dev.peerage.bgp.prefix;

import org.jspecify.annotations.NullMarked;
