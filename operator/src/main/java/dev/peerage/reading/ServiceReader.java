package dev.peerage.reading;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.io.IOException;

/** Reads of a Service what nodes' plans depend on, and what tells one version from another. */
final class ServiceReader extends JsonDeserializer<Service> {
  @Override
  public Service deserialize(JsonParser json, DeserializationContext context) throws IOException {
    var service = new Service();
    Fields.each(
        json,
        (name, value) -> {
          switch (name) {
            case "metadata" -> service.setMetadata(MetadataReader.read(value));
            case "spec" -> service.setSpec(spec(value));
            case "status" -> service.setStatus(status(value));
            case String _ -> value.skipChildren();
          }
        });
    return service;
  }

  private static ServiceSpec spec(JsonParser json) throws IOException {
    var spec = new ServiceSpec();
    Fields.each(
        json,
        (name, value) -> {
          switch (name) {
            case "type" -> spec.setType(Fields.text(value));
            case "clusterIP" -> spec.setClusterIP(Fields.text(value));
            case "clusterIPs" -> spec.setClusterIPs(Fields.list(value, Fields::element));
            case "externalIPs" -> spec.setExternalIPs(Fields.list(value, Fields::element));
            case "loadBalancerClass" -> spec.setLoadBalancerClass(Fields.text(value));
            case "internalTrafficPolicy" -> spec.setInternalTrafficPolicy(Fields.text(value));
            case "externalTrafficPolicy" -> spec.setExternalTrafficPolicy(Fields.text(value));
            case "ipFamilies" -> spec.setIpFamilies(Fields.list(value, Fields::element));
            case String _ -> value.skipChildren();
          }
        });
    return spec;
  }

  private static ServiceStatus status(JsonParser json) throws IOException {
    var status = new ServiceStatus();
    Fields.each(
        json,
        (name, value) -> {
          if ("loadBalancer".equals(name)) {
            status.setLoadBalancer(loadBalancer(value));
          } else {
            value.skipChildren();
          }
        });
    return status;
  }

  private static LoadBalancerStatus loadBalancer(JsonParser json) throws IOException {
    var loadBalancer = new LoadBalancerStatus();
    Fields.each(
        json,
        (name, value) -> {
          if ("ingress".equals(name)) {
            loadBalancer.setIngress(Fields.list(value, ServiceReader::ingress));
          } else {
            value.skipChildren();
          }
        });
    return loadBalancer;
  }

  private static LoadBalancerIngress ingress(JsonParser json) throws IOException {
    var ingress = new LoadBalancerIngress();
    Fields.each(
        json,
        (name, value) -> {
          switch (name) {
            case "ip" -> ingress.setIp(Fields.text(value));
            case "ipMode" -> ingress.setIpMode(Fields.text(value));
            case "hostname" -> ingress.setHostname(Fields.text(value));
            case String _ -> value.skipChildren();
          }
        });
    return ingress;
  }
}
