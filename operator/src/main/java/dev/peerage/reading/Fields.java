package dev.peerage.reading;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks through JSON without building what it does not need. */
final class Fields {
  private Fields() {}

  /** Takes one field; the parser is at its value, and has to be at the value's end afterwards. */
  @FunctionalInterface
  interface Field {
    void read(String name, JsonParser json) throws IOException;
  }

  /** Reads one value; the parser is at its first token, and has to be at its last afterwards. */
  @FunctionalInterface
  interface Value<T> {
    T read(JsonParser json) throws IOException;
  }

  /**
   * Calls for each field of an object, of which some may have been read already; of null for none.
   *
   * @throws IOException when it is no object, or no JSON
   */
  static void each(JsonParser json, Field field) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (token == JsonToken.START_OBJECT) {
      token = json.nextToken();
    }
    while (token == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      field.read(name, json);
      token = json.nextToken();
    }
    expect(json, JsonToken.END_OBJECT);
  }

  /** A list of values; of null none. */
  static <T> List<T> list(JsonParser json, Value<T> value) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    expect(json, JsonToken.START_ARRAY);
    List<T> list = new ArrayList<>(2);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      list.add(value.read(json));
    }
    return list;
  }

  /** A text; null of null. */
  static @Nullable String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    expect(json, JsonToken.VALUE_STRING);
    return json.getText();
  }

  /** A text in a list, where none is null. */
  static String element(JsonParser json) throws IOException {
    expect(json, JsonToken.VALUE_STRING);
    return json.getText();
  }

  /** A truth; null of null. */
  static @Nullable Boolean truth(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL ? null : json.getBooleanValue();
  }

  /** A map of texts; of null an empty one. */
  static Map<String, String> texts(JsonParser json) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    each(json, (name, value) -> map.put(name, value.getText()));
    return map;
  }

  private static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.currentToken() != token) {
      throw MismatchedInputException.from(
          json, Object.class, "%s instead of %s".formatted(json.currentToken(), token));
    }
  }
}
