package dev.peerage.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that tells of an API server that does not answer: it hears of the requests of a
 * client, those of watches among them. Whoever meets the same failure says nothing of it ({@link
 * #isMeantBy}). What the API server refuses is told by whoever has asked for it.
 */
public final class ApiServerAway implements Interceptor {
  private static final Logger log = LoggerFactory.getLogger(ApiServerAway.class);

  private final Trouble trouble = new Trouble();
  private final String meanwhile;

  private ApiServerAway(String meanwhile) {
    this.meanwhile = meanwhile;
  }

  /**
   * Tells that a request of a client was not answered, if that is what has failed. For requests
   * that the client does not repeat: of others it hears itself.
   *
   * @return whether it was that
   */
  public static boolean tell(KubernetesClient client, Throwable failure) {
    if (!isMeantBy(failure)) {
      return false;
    }
    if (client.getHttpClient() instanceof RequestTags tags) {
      Optional.ofNullable(tags.getTag(ApiServerAway.class))
          .ifPresent(it -> it.lasts(client.getMasterUrl().getAuthority(), failure));
    }
    return true;
  }

  /**
   * Has it told when the API server of a client does not answer.
   *
   * @param meanwhile what goes on until it does, and what does not
   * @param others what hears of the client's requests beside it; a builder takes one set of them
   */
  public static KubernetesClientBuilder told(
      KubernetesClientBuilder client, String meanwhile, Interceptor... others) {
    var away = new ApiServerAway(meanwhile);
    return client.withHttpClientBuilderConsumer(http -> {
      HttpClient.DerivedClientBuilder _ =
          http.addOrReplaceInterceptor(ApiServerAway.class.getName(), away).tag(away);
      for (Interceptor other : others) {
        HttpClient.DerivedClientBuilder _ =
            http.addOrReplaceInterceptor(other.getClass().getName(), other);
      }
    });
  }

  /** Whether a failure is that the API server has not answered, or follows from it. */
  public static boolean isMeantBy(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException
          || cause instanceof TimeoutException
          || cause instanceof NotHeldException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    trouble.over(how -> log.info("The API server answers again{}", how));
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    if (isMeantBy(failure)) { // Not that nobody waits for the answer any more.
      lasts(request.uri().getAuthority(), failure);
    }
  }

  private void lasts(String server, Throwable failure) {
    trouble.lasts(how ->
        log.warn(
            "The API server at {} does not answer{}: {}; {}; trying again",
            server,
            how,
            reason(failure),
            meanwhile));
  }

  /** What is furthest inside and says something: some failures to connect have no message. */
  private static String reason(Throwable failure) {
    String reason = failure.getClass().getSimpleName();
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof IOException && cause.getMessage() != null) {
        String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        reason = cause.getClass().getSimpleName() + message;
      }
    }
    return reason;
  }
}
