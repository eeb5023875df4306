/** Peerage's speaker beside real routers, in network namespaces; see {@code docs/interop.md}. */
@NullMarked
package dev.peerage.interop;

import org.jspecify.annotations.NullMarked;
