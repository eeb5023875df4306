/**
 * Manifest files: reading them, and saying what the API server would refuse in them, and what it
 * would take but nobody could do.
 */
@NullMarked
package dev.peerage.lint;

import org.jspecify.annotations.NullMarked;
