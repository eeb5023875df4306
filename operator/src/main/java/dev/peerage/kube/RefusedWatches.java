package dev.peerage.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Tells that the API server refuses what a running watch needs, once a minute and kind while it
 * lasts: a right has been taken away from a process that had it. The informers try again and again
 * and say nothing. What is refused before the first list is told by whoever waits for it.
 */
final class RefusedWatches implements Interceptor {
  private final Consumer<String> line;

  /**
   * Hears of all requests of a client.
   *
   * @param line writes a line
   */
  RefusedWatches(Consumer<String> line) {
    this.line = line;
  }

  /** Has it logged as a warning. */
  static Interceptor logged() {
    return new RefusedWatches(LoggerFactory.getLogger(RefusedWatches.class)::warn);
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    boolean refused = response.code() == 401 || response.code() == 403;
    if (refused && ofAnInformer(request.uri().getQuery())) {
      String path = request.uri().getPath();
      OncePerMinute.of("watch of " + path)
          .tell(more ->
              line.accept(
                  "The API server refuses the watch of %s with %d%s; what changes there is not seen any more, what is known of it stays; trying again; remedy: give the rights back that the chart gives (helm upgrade)"
                      .formatted(path, response.code(), more)));
    }
  }

  /** Its lists ask for what the API server has in its cache, unlike all others. */
  private static boolean ofAnInformer(@Nullable String query) {
    return query != null
        && List.of(query.split("&")).stream()
            .anyMatch(each -> each.equals("watch=true") || each.equals("resourceVersion=0"));
  }
}
