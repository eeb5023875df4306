package dev.peerage.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Answers in JSON, with every field, also those without a value. */
final class Json {
  private static final String TYPE = "application/json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Writes the elements of an array. */
  interface Elements {
    void write(JsonGenerator out)
        throws IOException, InterruptedException, ExecutionException, TimeoutException;
  }

  /** An object with one field, an array whose elements are made while they are sent. */
  static Answer array(String field, Elements elements) {
    return new Answer.Streamed(
        TYPE,
        stream -> {
          JsonGenerator out = MAPPER.createGenerator(stream);
          out.writeStartObject();
          out.writeArrayFieldStart(field);
          elements.write(out);
          out.writeEndArray();
          out.writeEndObject();
          // Not in a finally: what breaks off must not look like a whole one.
          out.close();
        });
  }

  /** A short answer, the fields of a record. */
  static Answer whole(Object answer) {
    try {
      return new Answer.Whole(200, TYPE, MAPPER.writeValueAsString(answer));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code {"error": "…"}}. */
  static Answer failure(int status, String words) {
    return new Answer.Whole(status, TYPE, MAPPER.createObjectNode().put("error", words).toString());
  }
}
