package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.AddressFamily;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** A peer as its update group knows it. */
final class Member {
  private final String name;
  private final Map<AddressFamily, Cursor> cursors = new EnumMap<>(AddressFamily.class);
  private ExportPolicy policy;

  Member(String name, ExportPolicy policy) {
    this.name = name;
    this.policy = policy;
  }

  String name() {
    return name;
  }

  /** What the peer shall get; what its group exports may be older. */
  ExportPolicy policy() {
    return policy;
  }

  void use(ExportPolicy next) {
    policy = next;
  }

  /** Its place in the table of each negotiated family. The places stay when the group changes. */
  Map<AddressFamily, Cursor> cursors() {
    return cursors;
  }

  /** Its place in the table of a negotiated family. */
  Cursor cursor(AddressFamily family) {
    return Objects.requireNonNull(cursors.get(family));
  }
}
