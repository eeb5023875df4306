/**
 * What the operator and the agents both need of the API server: requests that change an object,
 * Kubernetes Events, each problem once, repeated while it lasts, never many at a time, retries and
 * the caches of watches; and what the reconcilers of both the operator's halves have in common.
 */
@NullMarked
package dev.peerage.kube;

import org.jspecify.annotations.NullMarked;
