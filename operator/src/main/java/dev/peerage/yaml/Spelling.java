package dev.peerage.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** Guesses what a misspelt name was meant to be. */
public final class Spelling {
  /** No name that is known is nearly as long. */
  private static final int LONGEST = 200;

  private Spelling() {}

  /** What to do about a name that is not among the known ones. */
  public static String remedy(String name, Collection<String> known) {
    if (known.isEmpty()) {
      return "remove it";
    }
    return nearest(name, known)
        .map(other -> "did you mean " + other + "?")
        .orElse("remove it; known here are " + String.join(", ", new TreeSet<>(known)));
  }

  /** The known name that it was meant to be, where it is like one. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .min(Comparator.comparingInt(other -> distance(name, other)))
        .filter(other -> distance(name, other) <= Math.max(2, name.length() / 4));
  }

  // Levenshtein distance, letters of either case being equal.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
        int next = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
        diagonal = row[j];
        row[j] = next;
      }
    }
    return row[b.length()];
  }
}
