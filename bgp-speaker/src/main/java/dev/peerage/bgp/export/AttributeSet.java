package dev.peerage.bgp.export;

import dev.peerage.bgp.wire.PathAttributes;
import org.jspecify.annotations.Nullable;

/** Attributes that an update group sends, once for all routes that have them. */
final class AttributeSet {
  final PathAttributes attributes;

  /** The bytes that one UPDATE with these attributes has for prefixes; 0 when none fits. */
  final int room;

  /** The page that takes further prefixes, if there is one. */
  @Nullable Page open;

  /** How many prefixes are advertised with these attributes. */
  int live;

  AttributeSet(PathAttributes attributes, int room) {
    this.attributes = attributes;
    this.room = room;
  }
}
