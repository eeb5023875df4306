/**
 * What the API server sends, read as far as it is used: the fields that nobody looks at are passed
 * over while they come, and nothing is built of them.
 */
@NullMarked
package dev.peerage.reading;

import org.jspecify.annotations.NullMarked;
