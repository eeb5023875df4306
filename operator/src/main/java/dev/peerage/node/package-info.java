/**
 * The agent of one node: the pure planner from Kubernetes objects to the speaker's desired state,
 * the loop and informers around it, and the status writer.
 */
@NullMarked
package dev.peerage.node;

import org.jspecify.annotations.NullMarked;
