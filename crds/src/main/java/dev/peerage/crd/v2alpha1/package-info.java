/** The deprecated version {@code v2alpha1} of the custom resources: same schemas, only served. */
@NullMarked
package dev.peerage.crd.v2alpha1;

import org.jspecify.annotations.NullMarked;
