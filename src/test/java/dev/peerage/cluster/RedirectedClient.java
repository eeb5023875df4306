package dev.peerage.cluster;

import dev.peerage.apiserver.ApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.function.Predicate;

/** A client with the operator's rights, some of whose patches go somewhere else. */
final class RedirectedClient {
  private RedirectedClient() {}

  /**
   * A client.
   *
   * @param paths of the patches that go to the URL instead of the API server
   */
  static KubernetesClient of(ApiServer server, Predicate<String> paths, String url) {
    try {
      var config =
          new ConfigBuilder(
                  Config.fromKubeconfig(
                      Files.readString(server.kubeconfig("peerage-operator", "127.0.0.1"))))
              // The client's own repetitions would hide those of the operator.
              .withRequestRetryBackoffLimit(0)
              .build();
      return new KubernetesClientBuilder()
          .withConfig(config)
          .withHttpClientBuilderConsumer(it ->
              it.addOrReplaceInterceptor(
                  "redirected",
                  new Interceptor() {
                    @Override
                    public void before(
                        BasicBuilder builder, HttpRequest request, RequestTags tags) {
                      if (request.method().equals("PATCH") && paths.test(request.uri().getPath())) {
                        builder.uri(
                            URI.create(
                                url
                                    + request.uri().getRawPath()
                                    + "?"
                                    + request.uri().getRawQuery()));
                      }
                    }
                  }))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
