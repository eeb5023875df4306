/**
 * What breaks around Peerage, on a real cluster, one test per row of {@code docs/faults.md}:
 * whether the router kept its routes, whether requests were lost, whether a stale route is left.
 */
@NullMarked
package dev.peerage.faults;

import org.jspecify.annotations.NullMarked;
