package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.routes;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One peer misbehaves; it gets its NOTIFICATION, and the peer beside it never notices. */
class HostilePeerTest {
  private static final String NODE = "10.0.0.1";
  private static final String GOOD = "10.0.0.2";
  private static final String BAD = "10.0.0.3";
  private static final Prefix ROUTE = Prefix.parse("172.20.0.0/24");
  private static final Prefix SENTINEL = Prefix.parse("172.20.1.0/24");

  private final Loopback loopback = new Loopback();
  private final Speaker node =
      Speaker.start(
          new SpeakerSettings(loopback, InstantSource.system(), new SimpleMeterRegistry(), false));
  private final RawPeer good;

  HostilePeerTest() {
    apply(routes(ROUTE.toString()));
    good = dial(GOOD);
    good.establish(RawPeer.open(65002, GOOD, 0));
    good.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
  }

  private void apply(Set<Prefix> routes) {
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    routes,
                    passive(exporting(peer(NODE, GOOD, 65002), only(ROUTE + "", SENTINEL + ""))),
                    passive(exporting(peer(NODE, BAD, 65003), only())))))
        .join();
  }

  private RawPeer dial(String from) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () -> RawPeer.dial(loopback.toSocket(ip(from), 0), loopback.toSocket(ip(NODE), 179)),
            _ -> true);
  }

  @AfterEach
  void theGoodPeerNeverNoticed() throws IOException {
    apply(routes(ROUTE.toString(), SENTINEL.toString()));
    assertThat(RawPeer.announced(good.expect(Update.class))).containsExactly(SENTINEL);
    good.close();
    node.close(Shutdown.CEASE).join();
  }

  static Stream<Arguments> beforeOpen() {
    return Stream.of(
        arguments(
            "no BGP at all",
            "474554202f20485454502f312e310d0a0d0a0d0a",
            NotificationCode.CONNECTION_NOT_SYNCHRONIZED),
        arguments(
            "shorter than a header", message("0012", "04"), NotificationCode.BAD_MESSAGE_LENGTH),
        arguments("length 0", message("0000", "04"), NotificationCode.BAD_MESSAGE_LENGTH),
        arguments("length 65535", message("ffff", "01"), NotificationCode.BAD_MESSAGE_LENGTH),
        arguments("unknown type", message("0013", "09"), NotificationCode.BAD_MESSAGE_TYPE),
        arguments(
            "version 3",
            message("001d", "01" + "03" + "fdeb" + "0009" + "0a000003" + "00"),
            NotificationCode.UNSUPPORTED_VERSION_NUMBER),
        arguments(
            "hold time 2",
            message("001d", "01" + "04" + "fdeb" + "0002" + "0a000003" + "00"),
            NotificationCode.UNACCEPTABLE_HOLD_TIME),
        arguments(
            "identifier 0",
            message("001d", "01" + "04" + "fdeb" + "0009" + "00000000" + "00"),
            NotificationCode.BAD_BGP_IDENTIFIER),
        arguments(
            "AS 0",
            message("001d", "01" + "04" + "0000" + "0009" + "0a000003" + "00"),
            NotificationCode.BAD_PEER_AS),
        arguments(
            "KEEPALIVE first",
            message("0013", "04"),
            NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_SENT),
        arguments(
            "UPDATE first",
            message("0017", "02" + "0000" + "0000"),
            NotificationCode.UNEXPECTED_MESSAGE_IN_OPEN_SENT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void beforeOpen(String what, String hex, NotificationCode answer) throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.expect(Open.class);
      bad.sendBytes(HexFormat.of().parseHex(hex));

      bad.expectNotification(answer);
    }
  }

  static Stream<Arguments> whenEstablished() {
    return Stream.of(
        arguments(
            "withdrawn routes longer than the message",
            message("0017", "02" + "0009" + "0000"),
            NotificationCode.MALFORMED_ATTRIBUTE_LIST),
        arguments(
            "prefix length 33",
            message("0019", "02" + "0002" + "210a" + "0000"),
            NotificationCode.INVALID_NETWORK_FIELD),
        arguments(
            "a second OPEN",
            message("001d", "01" + "04" + "fdeb" + "0009" + "0a000003" + "00"),
            NotificationCode.UNEXPECTED_MESSAGE_IN_ESTABLISHED),
        arguments(
            "a KEEPALIVE with a body",
            message("0014", "04" + "00"),
            NotificationCode.BAD_MESSAGE_LENGTH));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void whenEstablished(String what, String hex, NotificationCode answer) throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.establish(RawPeer.open(65003, BAD, 0));
      bad.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
      // More garbage behind it must not swallow the answer.
      bad.sendBytes(HexFormat.of().parseHex(hex + "00".repeat(3000)));

      bad.expectNotification(answer);
    }
  }

  static Stream<Arguments> unexpected() {
    Open open = RawPeer.open(65003, BAD, 0);
    Update update = Update.endOfRib(AddressFamily.IPV4_UNICAST);
    RouteRefresh refresh = RouteRefresh.of(AddressFamily.IPV4_UNICAST, RouteRefresh.REQUEST);
    return Stream.of(
        arguments("OpenSent", update, "02", 5, 1),
        arguments("OpenSent", Keepalive.KEEPALIVE, "04", 5, 1),
        arguments("OpenSent", refresh, "05", 5, 1),
        arguments("OpenConfirm", open, "01", 5, 2),
        arguments("OpenConfirm", update, "02", 5, 2),
        arguments("OpenConfirm", refresh, "05", 5, 2),
        arguments("Established", open, "01", 5, 3));
  }

  /** RFC 6608 section 3: the data is the type of the message. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void unexpected(String state, Message message, String type, int code, int subcode)
      throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.expect(Open.class);
      if (!state.equals("OpenSent")) {
        bad.send(RawPeer.open(65003, BAD, 0));
        bad.expect(Keepalive.class);
      }
      if (state.equals("Established")) {
        bad.send(Keepalive.KEEPALIVE);
        bad.updatesUntilEndOfRib(AddressFamily.IPV4_UNICAST);
      }
      bad.send(message);

      assertThat(bad.expect(Notification.class))
          .isEqualTo(new Notification(code, subcode, Bytes.of(HexFormat.of().parseHex(type))));
      bad.expectEnd();
    }
  }

  @Test
  void anUpdateWithoutNextHopCountsAsWithdrawal() throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.establish(RawPeer.open(65003, BAD, 0));
      // ORIGIN and AS_PATH only (RFC 7606 section 3 d), then a sound route.
      bad.sendBytes(
          HexFormat.of()
              .parseHex(
                  message(
                      "0028",
                      "02"
                          + "0000"
                          + "000d"
                          + "40010100"
                          + "4002060201"
                          + "0000fdeb"
                          + "180a0101")));
      bad.sendBytes(
          HexFormat.of()
              .parseHex(
                  message(
                      "002f",
                      "02"
                          + "0000"
                          + "0014"
                          + "40010100"
                          + "4002060201"
                          + "0000fdeb"
                          + "4003040a000003"
                          + "180a0102")));

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(
                      node.routes(
                              "as65001",
                              new RouteTable.AdjRibIn("to-" + BAD),
                              AddressFamily.IPV4_UNICAST)
                          .join())
                  .extracting(RouteView::prefix)
                  .containsExactly(Prefix.parse("10.1.2.0/24")));
    }
  }

  private static String message(String length, String body) {
    return "ff".repeat(16) + length + body;
  }
}
