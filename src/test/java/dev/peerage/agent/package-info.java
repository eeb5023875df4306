/** The agent's shell on a real API server, inside the test's process. */
@NullMarked
package dev.peerage.agent;

import org.jspecify.annotations.NullMarked;
