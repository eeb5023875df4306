package dev.peerage.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a YAML document, with the line where it begins, counted from 1. */
public sealed interface YamlValue {
  /** The line where the value begins, counted from 1. */
  int line();

  /** Whether this is no value: a key with nothing behind it, {@code null} or {@code ~}. */
  default boolean isNull() {
    return this instanceof Scalar scalar && scalar.type() == Type.NULL;
  }

  /** What YAML 1.2's core schema takes a scalar for. */
  enum Type {
    NULL,
    BOOLEAN,
    INTEGER,
    FLOAT,
    TEXT
  }

  /**
   * A single value.
   *
   * @param text as it is written, without quotes
   * @param type what it is taken for
   * @param plain whether it is written without quotes and not as a block
   */
  record Scalar(int line, String text, Type type, boolean plain) implements YamlValue {}

  /**
   * A list.
   *
   * @param items in their order
   */
  record Sequence(int line, List<YamlValue> items) implements YamlValue {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /**
   * Keys with values.
   *
   * @param fields by key, in their order
   */
  record Mapping(int line, Map<String, Field> fields) implements YamlValue {
    public Mapping {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** No keys. */
    public static Mapping empty(int line) {
      return new Mapping(line, Map.of());
    }
  }

  /**
   * What stands behind a key.
   *
   * @param line the line of the key, which may be one above that of the value
   */
  record Field(int line, YamlValue value) {}

  /**
   * The line of a field below this value, or of the nearest one around it that is there.
   *
   * @param path for example {@code spec.families[0].afi}; empty for the value itself
   */
  default int lineOf(String path) {
    return NearestField.of(this, path).line();
  }
}
