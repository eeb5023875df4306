package dev.peerage.http;

import java.util.Optional;

/**
 * The looking glass's answer to {@code GET /version}.
 *
 * @param version of the program that answers
 * @param java the Java runtime that it runs on
 */
public record VersionAnswer(String version, String java) {
  /** What a program says that runs from classes instead of its archive. */
  private static final String NOT_PACKAGED = "(not packaged)";

  /** Of this program. */
  public static VersionAnswer ofProgram() {
    return new VersionAnswer(
        Optional.ofNullable(VersionAnswer.class.getPackage().getImplementationVersion())
            .orElse(NOT_PACKAGED),
        Runtime.version().toString());
  }
}
