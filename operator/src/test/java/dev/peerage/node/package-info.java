/** Tests of the agent. */
@NullMarked
package dev.peerage.node;

import org.jspecify.annotations.NullMarked;
