/** Commands that ask a real API server. */
@NullMarked
package dev.peerage.cli;

import org.jspecify.annotations.NullMarked;
