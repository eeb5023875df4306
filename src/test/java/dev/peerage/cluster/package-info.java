/** The operator's controllers against a real API server. */
@NullMarked
package dev.peerage.cluster;

import org.jspecify.annotations.NullMarked;
