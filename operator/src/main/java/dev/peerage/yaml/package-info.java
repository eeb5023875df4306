/**
 * YAML files that people write: their values with the lines where they stand, and how to say what
 * is wrong in them.
 */
@NullMarked
package dev.peerage.yaml;

import org.jspecify.annotations.NullMarked;
