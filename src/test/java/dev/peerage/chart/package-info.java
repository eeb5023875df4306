/** The Helm chart: what it renders, what it refuses. */
@NullMarked
package dev.peerage.chart;

import org.jspecify.annotations.NullMarked;
