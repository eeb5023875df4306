/** Tests of {@code kube}. */
@NullMarked
package dev.peerage.kube;

import org.jspecify.annotations.NullMarked;
