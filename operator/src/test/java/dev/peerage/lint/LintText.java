package dev.peerage.lint;

import dev.peerage.lint.Finding.Severity;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Lints texts and folders as the command does. */
final class LintText {
  private LintText() {}

  /** A text on standard input. */
  static Findings of(String yaml) {
    return ManifestLint.of(
        List.of("-"), new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), Set.of());
  }

  /** A file or folder. */
  static Findings of(Path place) {
    return ManifestLint.of(List.of(place.toString()), InputStream.nullInputStream(), Set.of());
  }

  /** {@code LINE CODE}, in order; of a group the first. */
  static List<String> codes(Findings findings) {
    return findings.groups().stream()
        .map(group -> group.first().place().line() + " " + group.first().code().code())
        .toList();
  }

  /** The same of errors and warnings only. */
  static List<String> faults(Findings findings) {
    return findings.groups().stream()
        .filter(group -> group.first().severity() != Severity.NOTE)
        .map(group -> group.first().place().line() + " " + group.first().code().code())
        .toList();
  }

  /** What is said, without the place. */
  static List<String> words(Findings findings) {
    return findings.groups().stream().map(group -> group.first().what()).toList();
  }
}
