/**
 * What Cilium's BGP control plane does, done by Peerage: a real API server, the operator and an
 * agent per node as processes, real routers as peers. See docs/scenarios.md.
 */
@NullMarked
package dev.peerage.scenario;

import org.jspecify.annotations.NullMarked;
