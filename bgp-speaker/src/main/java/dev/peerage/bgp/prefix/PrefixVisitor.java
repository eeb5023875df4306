package dev.peerage.bgp.prefix;

import dev.peerage.bgp.wire.AddressFamily;

/** Visits prefixes, in the words of {@link dev.peerage.bgp.wire.Prefix}. */
@FunctionalInterface
public interface PrefixVisitor {
  /** Called once per prefix. */
  void visit(AddressFamily family, long high, long low, int length);
}
