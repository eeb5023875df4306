package dev.peerage.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A GET request, of which nothing but the head is ever read.
 *
 * @param query its parameters; those without a value are left out
 * @param token what it shows to be allowed, never to be logged
 */
record Request(String path, Map<String, String> query, Optional<String> token) {
  private static final String BEARER = "Bearer ";

  Request {
    query = Map.copyOf(query);
  }

  /** Throws {@link IllegalArgumentException} when its target cannot be read. */
  static Request of(HttpRequest head) {
    var target = new QueryStringDecoder(head.uri());
    Map<String, String> query = new HashMap<>();
    target
        .parameters()
        .forEach((name, values) -> {
          if (!name.isEmpty() && !values.getLast().isEmpty()) {
            query.put(name, values.getLast());
          }
        });
    return new Request(
        target.path(),
        query,
        Optional.ofNullable(head.headers().get(HttpHeaderNames.AUTHORIZATION))
            .filter(shown -> shown.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(shown -> shown.substring(BEARER.length()).strip())
            .filter(token -> !token.isEmpty()));
  }

  @Override
  public String toString() {
    return query.isEmpty() ? path : path + " " + query;
  }
}
