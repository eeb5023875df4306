/** Turns the records into CustomResourceDefinitions; runs in the build, not in the cluster. */
@NullMarked
package dev.peerage.crd.schema;

import org.jspecify.annotations.NullMarked;
