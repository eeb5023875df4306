package dev.peerage.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a command shows what it has found. */
enum Output {
  /** A table for people. */
  TABLE,
  /** The same with more columns. */
  WIDE,
  JSON,
  YAML;

  /** Their names; {@code summary} is what Cilium's command line calls a table. */
  static final class Converter implements ITypeConverter<Output> {
    @Override
    public Output convert(String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "table", "summary" -> TABLE;
        case "wide" -> WIDE;
        case "json" -> JSON;
        case "yaml" -> YAML;
        case String other ->
            throw new TypeConversionException("'" + other + "' is none of table, wide, json, yaml");
      };
    }
  }

  /** For completion. */
  static final class Candidates implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("table", "wide", "json", "yaml").iterator();
    }
  }
}
