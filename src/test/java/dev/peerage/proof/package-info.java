/**
 * Long proofs: tests that carry the tag {@code proof}. {@code make test} runs each in a short form,
 * {@code make proof} runs them whole.
 */
@NullMarked
package dev.peerage.proof;

import org.jspecify.annotations.NullMarked;
