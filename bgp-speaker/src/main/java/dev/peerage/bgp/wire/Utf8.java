package dev.peerage.bgp.wire;

import java.nio.charset.StandardCharsets;

/** Text as it goes into messages. */
final class Utf8 {
  private Utf8() {}

  /** The longest beginning of a text that takes at most so many bytes and ends at a character. */
  static String cut(String text, int maximum) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= maximum) {
      return text;
    }
    int end = maximum;
    while ((bytes[end] & 0xc0) == 0x80) { // inside a character
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
