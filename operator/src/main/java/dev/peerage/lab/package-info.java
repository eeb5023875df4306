/**
 * The embedded lab: the planners of operator and agents and real speakers, for all nodes of a
 * folder of manifests and their router, in one process on loopback addresses.
 */
@NullMarked
package dev.peerage.lab;

import org.jspecify.annotations.NullMarked;
