package dev.peerage.yaml;

import java.util.Locale;
import java.util.Optional;

/**
 * A piece of text so long that nobody has written it, and that the parser, which looks ahead to the
 * end of a piece, would take minutes for.
 *
 * @param line where it stands, counted from 1
 * @param characters its length
 */
record LongLine(int line, int characters) {
  /** The longest that is read; the API server takes no object that is much larger. */
  static final int LONGEST = 1 << 20;

  /** The first one. In JSON, which may be one line, it is a string or a number that counts. */
  static Optional<LongLine> in(String text) {
    int line = 1;
    int begin = 0;
    boolean blank = true;
    boolean json = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '\n';
      if (blank && !Character.isWhitespace(c)) {
        blank = false;
        json = c == '{' || c == '[';
      }
      if (c == '\n' || json && isBetween(c)) {
        if (i - begin > LONGEST) {
          return Optional.of(new LongLine(line, i - begin));
        }
        begin = i + 1;
      }
      if (c == '\n') {
        line++;
        blank = true;
      }
    }
    return Optional.empty();
  }

  private static boolean isBetween(char c) {
    return " \t\"'\\".indexOf(c) >= 0;
  }

  String words() {
    return String.format(
        Locale.ROOT,
        "%,d characters without a break, more than a whole object of Kubernetes may have",
        characters);
  }
}
