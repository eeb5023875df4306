/**
 * Kubernetes Events about objects of the cluster: each problem once, repeated while it lasts, never
 * many at a time.
 */
@NullMarked
package dev.peerage.event;

import org.jspecify.annotations.NullMarked;
