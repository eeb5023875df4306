/** Tables of text, as Cilium's command line and FRR print them. Pure functions. */
@NullMarked
package dev.peerage.table;

import org.jspecify.annotations.NullMarked;
