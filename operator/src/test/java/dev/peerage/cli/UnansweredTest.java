package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnansweredTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new ConnectException("Connection refused"),
            "connection refused: nothing listens there"),
        Arguments.of(
            new SocketTimeoutException("Connect timed out"),
            "no connection within 15 s: nothing is there, or a firewall drops it"),
        Arguments.of(
            new ConnectException("Connection timed out"),
            "no connection: nothing is there, or a firewall drops it"),
        Arguments.of(
            new SocketTimeoutException("Read timed out"), "connected, but no answer within 15 s"),
        Arguments.of(new NoRouteToHostException("No route to host"), "the host cannot be reached"),
        Arguments.of(
            new SocketException("Network is unreachable"), "the network cannot be reached"),
        Arguments.of(
            new ConnectException("Network is unreachable"), "the network cannot be reached"),
        Arguments.of(new UnknownHostException("nobody"), "no host has that name"),
        Arguments.of(
            new SocketException("Connection reset"),
            "the connection was reset before an answer came"),
        Arguments.of(
            new SocketException("Broken pipe"), "the connection was closed before an answer came"),
        Arguments.of(
            new SocketException("Unexpected end of file from server"),
            "the connection was closed before an answer came"),
        Arguments.of(new ConnectException(), "no connection"),
        Arguments.of(
            new JsonParseException(null, "Unexpected character"),
            "what it answered is no looking glass's answer, or broke off"),
        Arguments.of(new IOException("Premature EOF"), "the answer broke off"),
        Arguments.of(new IOException("GET /state answered 404"), "GET /state answered 404"),
        Arguments.of(new IOException(), "the connection failed"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyCauseHasWords(IOException failure, String words) {
    assertThat(Unanswered.words(failure, Duration.ofSeconds(15))).isEqualTo(words);
  }
}
