/**
 * From Kubernetes objects to the routes that a node announces to each of its peers, and for what it
 * does not announce, the reason. Pure.
 */
@NullMarked
package dev.peerage.announce;

import org.jspecify.annotations.NullMarked;
