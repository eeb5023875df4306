package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A patch in one request. The client's own patch methods read the object first, which doubles the
 * requests and needs the right to get it.
 */
public enum Patch {
  /** RFC 6902: a list of operations. */
  OPERATIONS("application/json-patch+json"),
  /** RFC 7396: what is given replaces, null removes, lists are replaced as a whole. */
  MERGE("application/merge-patch+json"),
  /** Kubernetes' own, for its own kinds: some lists are merged by a key. */
  STRATEGIC("application/strategic-merge-patch+json"),
  /** Server-side apply, which also creates; fields that others have set are taken over. */
  APPLY("application/apply-patch+yaml", "&force=true");

  private static final long TIMEOUT_SECONDS = 30;

  private final String contentType;
  private final String parameters;

  Patch(String contentType) {
    this(contentType, "");
  }

  Patch(String contentType, String parameters) {
    this.contentType = contentType;
    this.parameters = parameters;
  }

  /**
   * Patches the object itself.
   *
   * @return the object as it then is
   * @throws KubernetesClientException when refused or unreachable
   */
  public <T extends HasMetadata> T send(
      KubernetesClient client, T object, String fieldManager, Object patch) {
    return send(client, object, path(object), fieldManager, patch);
  }

  /**
   * Patches the object's status.
   *
   * @return the object as it then is
   * @throws KubernetesClientException when refused or unreachable
   */
  public <T extends HasMetadata> T sendStatus(
      KubernetesClient client, T object, String fieldManager, Object patch) {
    return send(client, object, path(object) + "/status", fieldManager, patch);
  }

  /**
   * Patches the object's status, for callers whom the watch tells of what it then is: the answer,
   * which is the whole object, is not read.
   *
   * @throws KubernetesClientException when refused or unreachable
   */
  public void writeStatus(
      KubernetesClient client, HasMetadata object, String fieldManager, Object patch) {
    var _ = exchange(client, path(object) + "/status", fieldManager, patch);
  }

  /**
   * Patches whatever has this path, such as {@code api/v1/nodes/w1}; the answer is not read.
   *
   * @throws KubernetesClientException when refused or unreachable
   */
  public void write(KubernetesClient client, String path, String fieldManager, Object patch) {
    var _ = exchange(client, path, fieldManager, patch);
  }

  private static String path(HasMetadata object) {
    String group = HasMetadata.getGroup(object.getClass());
    String namespace = object.getMetadata().getNamespace();
    return (group == null || group.isEmpty() ? "api/" : "apis/" + group + "/")
        + HasMetadata.getVersion(object.getClass())
        + (namespace == null ? "" : "/namespaces/" + namespace)
        + "/"
        + object.getPlural()
        + "/"
        + object.getMetadata().getName();
  }

  private <T extends HasMetadata> T send(
      KubernetesClient client, T object, String path, String fieldManager, Object patch) {
    @SuppressWarnings("unchecked")
    var type = (Class<T>) object.getClass();
    var body = new String(exchange(client, path, fieldManager, patch), StandardCharsets.UTF_8);
    return client.getKubernetesSerialization().unmarshal(body, type);
  }

  private byte[] exchange(KubernetesClient client, String path, String fieldManager, Object patch) {
    HttpClient http = client.getHttpClient();
    HttpRequest request =
        http.newHttpRequestBuilder()
            .uri(client.getMasterUrl() + path + "?fieldManager=" + fieldManager + parameters)
            .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .patch(contentType, client.getKubernetesSerialization().asJson(patch))
            .build();
    try {
      HttpResponse<byte[]> response =
          http.sendAsync(request, byte[].class).orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
      if (!response.isSuccessful()) {
        throw new KubernetesClientException(
            status(client, response.code(), new String(response.body(), StandardCharsets.UTF_8)));
      }
      return response.body();
    } catch (CompletionException e) {
      throw new KubernetesClientException("PATCH " + path + ": " + e.getCause(), e);
    }
  }

  private static Status status(KubernetesClient client, int code, String body) {
    // Not every answer comes from the API server itself.
    var unknown = new StatusBuilder().withCode(code).withMessage("HTTP " + code + ": " + body);
    try {
      Status status = client.getKubernetesSerialization().unmarshal(body, Status.class);
      return status.getCode() == null ? unknown.build() : status;
    } catch (RuntimeException _) {
      return unknown.build();
    }
  }
}
