/** What processes answer over HTTP: the looking glass, health, readiness and metrics. */
@NullMarked
package dev.peerage.http;

import org.jspecify.annotations.NullMarked;
