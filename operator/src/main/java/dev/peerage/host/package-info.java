/**
 * What the node's kernel says of its links, addresses and default routes: values that planners
 * read, pure choices among them, and the netlink socket that keeps them up to date.
 */
@NullMarked
package dev.peerage.host;

import org.jspecify.annotations.NullMarked;
