package dev.peerage.host;

import static dev.peerage.testing.Namespace.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.testing.Namespace;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

class HostWatchTest {
  private static final String CABLE =
      "link add w0 type veth peer name far; link set far addrgenmode none up;"
          + " link set w0 addrgenmode none up";

  /** A command, and what is then known of w0 and of default routes. */
  private record Step(String command, String expected) {}

  private static final List<Step> STEPS =
      List.of(
          new Step("address add 10.0.0.1/24 dev w0", "w0 up 10.0.0.1"),
          new Step("address add fd00::1/64 dev w0 nodad", "w0 up 10.0.0.1 fd00::1"),
          new Step("address add fe80::1/64 dev w0 nodad", "w0 up 10.0.0.1 fd00::1 fe80::1"),
          new Step("address del fe80::1/64 dev w0", "w0 up 10.0.0.1 fd00::1"),
          new Step("address add 10.1.0.1 peer 10.1.0.2 dev w0", "w0 up 10.0.0.1 10.1.0.1 fd00::1"),
          new Step("address del 10.1.0.1 peer 10.1.0.2 dev w0", "w0 up 10.0.0.1 fd00::1"),
          new Step(
              "route add default via 10.0.0.254", "w0 up 10.0.0.1 fd00::1 via 10.0.0.254 w0 0"),
          new Step(
              "route add default via 10.0.0.253 metric 4294967295",
              "w0 up 10.0.0.1 fd00::1 via 10.0.0.254 w0 0 via 10.0.0.253 w0 4294967295"),
          new Step(
              "route del default via 10.0.0.253 metric 4294967295",
              "w0 up 10.0.0.1 fd00::1 via 10.0.0.254 w0 0"),
          new Step(
              "route change default via 10.0.0.252", "w0 up 10.0.0.1 fd00::1 via 10.0.0.252 w0 0"),
          new Step(
              "route replace default nexthop via 10.0.0.2 nexthop via 192.0.2.1 dev w0 onlink",
              "w0 up 10.0.0.1 fd00::1 via 10.0.0.2 w0 0 via 192.0.2.1 w0 0"),
          new Step("route del default", "w0 up 10.0.0.1 fd00::1"),
          new Step(
              "route add default via 10.0.0.254 dev w0 table 100; route add 0.0.0.0/1 via 10.0.0.9",
              "w0 up 10.0.0.1 fd00::1"),
          new Step(
              "route add default via fd00::254", "w0 up 10.0.0.1 fd00::1 via fd00::254 w0 1024"),
          new Step(
              "route append default via fd00::253",
              "w0 up 10.0.0.1 fd00::1 via fd00::253 w0 1024 via fd00::254 w0 1024"),
          new Step(
              "route del default via fd00::254", "w0 up 10.0.0.1 fd00::1 via fd00::253 w0 1024"),
          new Step(
              "nexthop add id 7 via 10.0.0.251 dev w0; route add default nhid 7",
              "w0 up 10.0.0.1 fd00::1 via 10.0.0.251 w0 0 via fd00::253 w0 1024"),
          new Step("nexthop del id 7", "w0 up 10.0.0.1 fd00::1 via fd00::253 w0 1024"),
          new Step(
              "route add default via 10.0.0.254 src 10.0.0.1",
              "w0 up 10.0.0.1 fd00::1 via 10.0.0.254 w0 0 via fd00::253 w0 1024"),
          // Linux tells of the address only.
          new Step("address del 10.0.0.1/24 dev w0", "w0 up fd00::1 via fd00::253 w0 1024"),
          new Step(
              "address add 10.0.0.1/24 dev w0; route add default via 10.0.0.254",
              "w0 up 10.0.0.1 fd00::1 via 10.0.0.254 w0 0 via fd00::253 w0 1024"),
          // The far end's carrier goes: the routes stay.
          new Step(
              "link set far down",
              "w0 lowerlayerdown 10.0.0.1 fd00::1 via 10.0.0.254 w0 0 via fd00::253 w0 1024"),
          new Step(
              "link set far up",
              "w0 up 10.0.0.1 fd00::1 via 10.0.0.254 w0 0 via fd00::253 w0 1024"),
          // Linux tells of the link, and of IPv6 only.
          new Step("link set w0 down", "w0 off down 10.0.0.1"),
          new Step("link set w0 up", "w0 up 10.0.0.1"),
          new Step("link set w0 name w1", ""),
          new Step("link set w1 name w0", "w0 up 10.0.0.1"),
          new Step("link add b0 type bridge; link set w0 master b0", "w0 up 10.0.0.1"),
          new Step("link set w0 nomaster", "w0 up 10.0.0.1"),
          new Step("link del w0", ""),
          new Step(CABLE + "; address add 10.0.0.7/24 dev w0", "w0 up 10.0.0.7"));

  @Test
  void whatChangesIsKnownAtOnce() {
    Namespace.in(() -> {
      ip(CABLE);
      AtomicInteger changes = new AtomicInteger();
      try (HostWatch watch = new HostWatch(changes::incrementAndGet)) {
        watch.start();
        assertThat(text(watch.current())).startsWith("w0 ");
        soon("the network").until(() -> text(watch.current()).equals("w0 up"));
        for (Step step : STEPS) {
          ip(step.command());
          soon(step.command())
              .pollInterval(Duration.ofMillis(1))
              .untilAsserted(() -> assertThat(text(watch.current())).isEqualTo(step.expected()));
        }
        soon("the network").untilAsserted(() -> assertThat(watch.current()).isEqualTo(fresh()));
        assertThat(changes.get()).isGreaterThan(STEPS.size() / 2);
      }
    });
  }

  @Test
  void whatOthersSeeOfALinkIsKnown() {
    Namespace.in(() -> {
      ip("link add b0 address 02:00:00:00:00:01 type bridge; link set b0 addrgenmode none");
      HostNetwork host = fresh();
      assertThat(host.link("lo").orElseThrow())
          .isEqualTo(Hosts.of("1 lo - unknown - 127.0.0.1,::1").links().getFirst());
      Link bridge = host.link("b0").orElseThrow();
      assertThat(bridge.kind()).isEqualTo("bridge");
      assertThat(bridge.adminUp()).isFalse();
      assertThat(bridge.operState()).isEqualTo(OperState.DOWN);
      assertThat(bridge.mac()).contains(MacAddress.parse("02:00:00:00:00:01"));
    });
  }

  @Test
  void ofABurstNothingIsMissed() {
    Namespace.in(() -> {
      ip(CABLE);
      try (HostWatch watch = new HostWatch(() -> {})) {
        watch.start();
        ip(
            IntStream.rangeClosed(1, 500)
                .mapToObj(i ->
                    i % 3 == 0
                        ? "address del " + address(i - 1) + " dev w0"
                        : "address add " + address(i) + " dev w0")
                .collect(Collectors.joining(";")));
        ip("route add default via 10.0.0.77");
        soon("the network").untilAsserted(() -> assertThat(watch.current()).isEqualTo(fresh()));
        assertThat(watch.current().link("w0").orElseThrow().addresses()).hasSize(168);
        assertThat(watch.current().defaultRoutes()).hasSize(1);
      }
    });
  }

  @Test
  void whatWasLostIsAskedForAgain() {
    Namespace.in(() -> {
      ip(CABLE);
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch busy = new CountDownLatch(2);
      try (HostWatch watch =
          new HostWatch(() -> {
            busy.countDown();
            if (busy.getCount() == 0) {
              hold(release);
            }
          })) {
        watch.start();
        ip("address add 10.9.0.1/32 dev w0");
        busy.await();
        // More events than the socket's queue takes while nobody reads it.
        ip(
            IntStream.rangeClosed(1, 4000)
                .mapToObj(i -> "address add " + address(i) + " dev w0")
                .collect(Collectors.joining(";")));
        ip("address del 10.9.0.1/32 dev w0; link set w0 down");
        release.countDown();
        soon("the network").untilAsserted(() -> assertThat(watch.current()).isEqualTo(fresh()));
        assertThat(watch.current().link("w0").orElseThrow().addresses()).hasSize(4000);
      }
    });
  }

  @Test
  void closingEndsTheThread() {
    Namespace.in(() -> {
      HostWatch watch = new HostWatch(() -> {});
      watch.start();
      assertThat(watch.current().links()).hasSize(1);
      watch.close();
      soon("the end").untilAsserted(() -> assertThat(watch.ended()).isTrue());
      assertThat(watch.current().links()).hasSize(1);
    });
  }

  private static void hold(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String address(int i) {
    return "10.0." + i / 250 + "." + (i % 250 + 1) + "/" + (i % 2 == 0 ? 32 : 16);
  }

  private static HostNetwork fresh() {
    try (HostWatch watch = new HostWatch(() -> {})) {
      watch.start();
      return watch.current();
    }
  }

  private static String text(HostNetwork host) {
    Stream<String> link =
        host.link("w0").stream()
            .flatMap(it ->
                Stream.of(
                    Stream.of("w0"),
                    it.adminUp() ? Stream.<String>of() : Stream.of("off"),
                    Stream.of(it.operState().name().toLowerCase(Locale.ROOT)),
                    it.addresses().stream().map(NetUtil::toAddressString)))
            .flatMap(it -> it);
    Stream<String> routes =
        host.defaultRoutes().stream()
            .map(route ->
                "via "
                    + NetUtil.toAddressString(route.gateway())
                    + " "
                    + route.link()
                    + " "
                    + route.metric());
    return Stream.concat(link, routes).collect(Collectors.joining(" "));
  }

  /** The kernel tells within milliseconds; a machine that is busy may take long to listen. */
  private static ConditionFactory soon(String what) {
    return await(what).atMost(Duration.ofSeconds(60));
  }
}
