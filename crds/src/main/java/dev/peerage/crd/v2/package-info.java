/**
 * The custom resources of group {@code cilium.io}, version {@code v2}, as records with their schema
 * annotations.
 */
@NullMarked
package dev.peerage.crd.v2;

import org.jspecify.annotations.NullMarked;
