package dev.peerage.reading;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;

/**
 * Reads of an EndpointSlice whose it is, and on which nodes endpoints serve: no address, no pod.
 */
final class EndpointSliceReader extends JsonDeserializer<EndpointSlice> {
  @Override
  public EndpointSlice deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    var slice = new EndpointSlice();
    Fields.each(
        json,
        (name, value) -> {
          switch (name) {
            case "metadata" -> slice.setMetadata(MetadataReader.read(value));
            case "addressType" -> slice.setAddressType(Fields.text(value));
            case "endpoints" ->
                slice.setEndpoints(Fields.list(value, EndpointSliceReader::endpoint));
            case String _ -> value.skipChildren();
          }
        });
    return slice;
  }

  private static Endpoint endpoint(JsonParser json) throws IOException {
    var endpoint = new Endpoint();
    Fields.each(
        json,
        (name, value) -> {
          switch (name) {
            case "nodeName" -> endpoint.setNodeName(Fields.text(value));
            case "conditions" -> endpoint.setConditions(conditions(value));
            case String _ -> value.skipChildren();
          }
        });
    return endpoint;
  }

  private static EndpointConditions conditions(JsonParser json) throws IOException {
    var conditions = new EndpointConditions();
    Fields.each(
        json,
        (name, value) -> {
          switch (name) {
            case "ready" -> conditions.setReady(Fields.truth(value));
            case "serving" -> conditions.setServing(Fields.truth(value));
            case "terminating" -> conditions.setTerminating(Fields.truth(value));
            case String _ -> value.skipChildren();
          }
        });
    return conditions;
  }
}
