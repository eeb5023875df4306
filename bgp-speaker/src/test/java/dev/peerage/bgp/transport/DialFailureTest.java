package dev.peerage.bgp.transport;

import static dev.peerage.testing.Namespace.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.transport.Network.Target;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.testing.Namespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel answers to a dial, in words; by both of Netty's transports. */
class DialFailureTest {
  private static final String UNREACHABLE =
      "host or network unreachable (no route, or no answer on the link)";

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theKernelsAnswersAreWords(boolean epoll) {
    Namespace.in(() -> {
      ip(
          "link add p0 type veth peer name p1; address add 10.9.0.1/24 dev p0; link set p0 up;"
              + " link set p1 up; route add unreachable 10.1.0.0/24; route add prohibit 10.2.0.0/24;"
              + " route add blackhole 10.3.0.0/24; address add 2001:db8::1/64 dev p0 nodad;"
              + " route add unreachable 2001:db8:1::/64; route add prohibit 2001:db8:2::/64");
      Map<String, String> words = new LinkedHashMap<>();
      Network network = Network.start(epoll);
      try {
        for (String address :
            new String[] {
              "127.0.0.1",
              "10.1.0.1",
              "10.2.0.1",
              "10.3.0.1",
              "10.4.0.1",
              "10.9.0.9",
              "2001:db8:1::1",
              "2001:db8:2::1",
              "2001:db8:4::1",
              "::1"
            }) {
          words.put(address, dial(network, address));
        }
        words.put("a wrong source", dial(network, "127.0.0.1", Optional.of("10.77.0.1")));
      } finally {
        network.close().join();
      }

      assertThat(words.values())
          .allSatisfy(each -> assertThat(each).isNotBlank().doesNotContain("null", "Exception"));
      assertThat(words)
          .containsEntry("127.0.0.1", "connection refused")
          .containsEntry("::1", "connection refused")
          .containsEntry("10.1.0.1", epoll ? UNREACHABLE : "no route to host")
          .containsEntry(
              "10.2.0.1",
              epoll
                  ? "permission denied (a prohibit route, a packet filter, or a missing right)"
                  : "permission denied")
          .containsEntry("10.4.0.1", epoll ? UNREACHABLE : "network is unreachable");
      assertThat(words.get("a wrong source")).contains("cannot assign requested address");
      assertThat(words.get("10.9.0.9")).isIn(UNREACHABLE, "no route to host");
    });
  }

  private static String dial(Network network, String address) throws Exception {
    return dial(network, address, Optional.empty());
  }

  private static String dial(Network network, String address, Optional<String> source)
      throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    network
        .dial(
            new Target(
                new InetSocketAddress(InetAddress.ofLiteral(address), 179),
                source.map(from -> new InetSocketAddress(InetAddress.ofLiteral(from), 0)),
                Protection.NONE),
            new Nobody())
        .onFailure(failure::complete);
    Throwable cause = failure.get(90, TimeUnit.SECONDS);
    return cause instanceof Misconfigured ? String.valueOf(cause.getMessage()) : Cause.words(cause);
  }

  /** Nothing connects. */
  private record Nobody() implements ConnectionEvents {
    @Override
    public void connected(Connection connection) {
      throw new AssertionError("connected");
    }

    @Override
    public void received(Connection connection, Message message) {}

    @Override
    public void malformed(Connection connection, Notification answer, String cause) {}

    @Override
    public Traffic inbound() {
      return new Traffic();
    }

    @Override
    public Traffic outbound() {
      return new Traffic();
    }

    @Override
    public void writable(Connection connection) {}

    @Override
    public void closed(Connection connection, String cause) {}

    @Override
    public void broke(Connection connection, Throwable fault) {}
  }
}
