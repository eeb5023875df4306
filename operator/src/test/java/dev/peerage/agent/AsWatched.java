package dev.peerage.agent;

import dev.peerage.reading.Reading;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** An object as an agent reads it out of the API server's words. */
final class AsWatched {
  private static final KubernetesSerialization API_SERVER = new KubernetesSerialization();
  private static final KubernetesSerialization AGENT = Reading.ofAgent();

  private AsWatched() {}

  static HasMetadata of(HasMetadata object) {
    String event = "{\"type\":\"MODIFIED\",\"object\":" + API_SERVER.asJson(object) + "}";
    return (HasMetadata) AGENT.unmarshal(event, WatchEvent.class).getObject();
  }
}
