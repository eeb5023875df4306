package dev.peerage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a looking glass did not answer, in words. Pure. */
final class Unanswered {
  private Unanswered() {}

  /**
   * For example {@code connection refused: nothing listens there}.
   *
   * @param limit how long an answer was waited for
   */
  static String words(IOException failure, Duration limit) {
    String message = Optional.ofNullable(failure.getMessage()).orElse("");
    String lower = message.toLowerCase(Locale.ROOT);
    return switch (failure) {
      case UnknownHostException _ -> "no host has that name";
      case NoRouteToHostException _ -> "the host cannot be reached";
      case HttpConnectTimeoutException _ ->
          "no connection within %d s: nothing is there, or a firewall drops it"
              .formatted(limit.toSeconds());
      case HttpTimeoutException _ -> "no answer within %d s".formatted(limit.toSeconds());
      case ClosedChannelException _ -> "connection refused: nothing listens there";
      case WebSocketHandshakeException refused ->
          refused.getResponse().code() == HttpURLConnection.HTTP_FORBIDDEN
              ? "the API server forbids to forward a port to it: you need the right to create"
                  + " pods/portforward"
              : "the API server does not forward a port to it: HTTP "
                  + refused.getResponse().code();
      case SSLException _ -> "no TLS connection: " + message;
      case SocketTimeoutException _ ->
          lower.contains("connect")
              ? "no connection within %d s: nothing is there, or a firewall drops it"
                  .formatted(limit.toSeconds())
              : "connected, but no answer within %d s".formatted(limit.toSeconds());
      case SocketException _ when lower.contains("refused") ->
          "connection refused: nothing listens there";
      case SocketException _ when lower.contains("timed out") ->
          "no connection: nothing is there, or a firewall drops it";
      case SocketException _ when lower.contains("unreachable") -> "the network cannot be reached";
      case SocketException _ when lower.contains("reset") ->
          "the connection was reset before an answer came";
      case SocketException _ when lower.contains("broken pipe") ->
          "the connection was closed before an answer came";
      case ConnectException _ -> message.isEmpty() ? "no connection" : "no connection: " + lower;
      case JsonProcessingException _ ->
          "what it answered is no looking glass's answer, or broke off";
      case IOException _ when lower.contains("unexpected end of file") ->
          "the connection was closed before an answer came";
      case IOException _ when lower.contains("premature eof") -> "the answer broke off";
      case IOException _ -> message.isEmpty() ? "the connection failed" : message;
    };
  }
}
