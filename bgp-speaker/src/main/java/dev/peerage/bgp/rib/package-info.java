/** Routes, best path, export policy and the adjacency RIBs (RFC 4271 sections 3.2 and 9). Pure. */
@NullMarked
package dev.peerage.bgp.rib;

import org.jspecify.annotations.NullMarked;
