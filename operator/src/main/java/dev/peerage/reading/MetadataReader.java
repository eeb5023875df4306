package dev.peerage.reading;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;

/** Reads of an object's metadata its identity, its version and its labels. */
final class MetadataReader {
  private MetadataReader() {}

  static ObjectMeta read(JsonParser json) throws IOException {
    var metadata = new ObjectMeta();
    Fields.each(
        json,
        (name, value) -> {
          switch (name) {
            case "namespace" -> metadata.setNamespace(Fields.text(value));
            case "name" -> metadata.setName(Fields.text(value));
            case "uid" -> metadata.setUid(Fields.text(value));
            case "resourceVersion" -> metadata.setResourceVersion(Fields.text(value));
            case "labels" -> metadata.setLabels(Fields.texts(value));
            case String _ -> value.skipChildren();
          }
        });
    return metadata;
  }
}
