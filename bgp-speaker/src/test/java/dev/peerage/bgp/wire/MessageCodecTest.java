package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.Wire.MODERN;
import static dev.peerage.bgp.wire.Wire.NO_IPV4;
import static dev.peerage.bgp.wire.Wire.TWO_OCTET;
import static dev.peerage.bgp.wire.Wire.ip;
import static dev.peerage.bgp.wire.Wire.ipv4;
import static dev.peerage.bgp.wire.Wire.prefixes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.bgp.wire.Capability.Family;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages to bytes and back: every kind once around, and literal bytes with named fields. */
class MessageCodecTest {
  private static final String UPDATE =
      """
      ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff  # marker
      00 4e                                            # length 78
      02                                               # UPDATE
      00 04                                            # 4 bytes of withdrawn routes
        18 ac 14 05                                    # 172.20.5.0/24
      00 2a                                            # 42 bytes of path attributes
        40 01 01 00                                    # ORIGIN: IGP
        40 02 0a 02 02 00 00 fd e8 00 01 00 00         # AS_PATH: sequence 65000 65536
        40 03 04 0a 00 00 01                           # NEXT_HOP 10.0.0.1
        80 04 04 00 00 00 64                           # MULTI_EXIT_DISC 100
        c0 08 08 fd e8 00 63 ff ff ff 01               # COMMUNITIES 65000:99, NO_EXPORT
        # routes:
      20 14 00 0a 64                                   # 20.0.10.100/32
      0a 0a 40                                         # 10.64.0.0/10
      00                                               # 0.0.0.0/0
      """;

  private static final Update UPDATE_VALUE =
      new Update(
          prefixes("172.20.5.0/24"),
          PathAttributes.of(
              Origin.IGP,
              AsPath.of(65000, 65536),
              new PathAttribute.NextHop(ip("10.0.0.1")),
              new PathAttribute.Med(100),
              new PathAttribute.Communities(
                  List.of(new Community(0xfde80063L), new Community(0xffffff01L)))),
          prefixes("20.0.10.100/32", "10.64.0.0/10", "0.0.0.0/0"));

  @Test
  void decodesAnUpdateOfClassicFields() throws MalformedMessageException {
    assertThat(MessageCodec.decode(Wire.buffer(UPDATE), MODERN)).isEqualTo(UPDATE_VALUE);
  }

  @Test
  void encodesAnUpdateToTheSameBytes() {
    assertThat(Wire.encode(UPDATE_VALUE, MODERN)).isEqualTo(Wire.bytes(UPDATE));
  }

  @Test
  void encodesIpv6RoutesWithAMappedNextHopFirst() {
    Update update =
        new Update(
            NO_IPV4,
            PathAttributes.of(
                Origin.IGP,
                AsPath.of(65001),
                new PathAttribute.MpReach(ip("10.0.0.1"), prefixes("2001:db8::/32"))),
            NO_IPV4);
    assertThat(Wire.encode(update, MODERN))
        .isEqualTo(
            Wire.bytes(
                """
                ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff
                00 41                                  # length 65
                02                                     # UPDATE
                00 00                                  # no withdrawn routes
                00 2a                                  # 42 bytes of path attributes
                  80 0e 1a                             # MP_REACH_NLRI, 26 bytes
                    00 02 01                           # ipv6/unicast
                    10                                 # next hop of 16 bytes
                    00 00 00 00 00 00 00 00
                    00 00 ff ff 0a 00 00 01            # ::ffff:10.0.0.1
                    00                                 # reserved
                    20 20 01 0d b8                     # 2001:db8::/32
                  40 01 01 00                          # ORIGIN: IGP
                  40 02 06 02 01 00 00 fd e9           # AS_PATH: sequence 65001
                """));
  }

  static Stream<Message> messages() {
    return Stream.of(
        Keepalive.KEEPALIVE,
        RouteRefresh.of(AddressFamily.IPV6_UNICAST, RouteRefresh.END),
        Notification.of(NotificationCode.HOLD_TIMER_EXPIRED),
        Notification.of(NotificationCode.BAD_PEER_AS, Bytes.octets(0xfd, 0xe8)),
        new Notification(99, 200, Bytes.octets(1, 2, 3)),
        new Open(65000, 0, ipv4("1.1.1.1"), List.of()),
        new Open(
            4200000000L,
            90,
            ipv4("255.255.255.255"),
            List.of(
                new Capability.FourOctetAsn(4200000000L),
                new Capability.ExtendedMessage(),
                new Capability.EnhancedRouteRefresh(),
                new Capability.ExtendedNextHop(
                    List.of(new Capability.ExtendedNextHop.Encoding(new Family(1, 1), 2))),
                new Capability.GracefulRestart(false, true, 4095, List.of()),
                new Capability.Fqdn("node-1", ""))),
        UPDATE_VALUE,
        new Update(
            prefixes("10.0.0.0/8"),
            PathAttributes.of(
                Origin.EGP,
                new AsPath(
                    List.of(
                        new AsPath.Segment(AsPath.Kind.SEQUENCE, List.of(1L, 4294967295L)),
                        new AsPath.Segment(AsPath.Kind.SET, List.of(7L, 8L)))),
                new PathAttribute.LocalPref(4294967295L),
                new PathAttribute.AtomicAggregate(),
                new PathAttribute.Aggregator(65536, ipv4("9.9.9.9")),
                new PathAttribute.OriginatorId(ipv4("1.2.3.4")),
                new PathAttribute.ClusterList(List.of(ipv4("1.2.3.4"), ipv4("0.0.0.0"))),
                new PathAttribute.LargeCommunities(List.of(new LargeCommunity(4294967295L, 0, 1))),
                new PathAttribute.Unknown(0xe0, 200, Bytes.of(new byte[300])),
                new PathAttribute.MpReach(
                    ip("2001:db8::1"), prefixes("::/0", "2001:db8::/65", "2001:db8::7/128")),
                new PathAttribute.MpUnreach(prefixes("2001:db8:1::/48", "ff00::/8"))),
            NO_IPV4));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void readsWhatItWrites(Message message) throws MalformedMessageException {
    assertThat(Wire.roundTrip(message, MODERN)).isEqualTo(message);
  }

  @Test
  void carriesFourOctetAsnsAcrossATwoOctetSession() throws MalformedMessageException {
    Update update =
        new Update(
            NO_IPV4,
            PathAttributes.of(
                Origin.IGP,
                AsPath.of(65000, 4200000001L, 65002),
                new PathAttribute.NextHop(ip("10.0.0.1")),
                new PathAttribute.Aggregator(4200000002L, ipv4("10.0.0.9"))),
            prefixes("10.0.0.0/8"));
    assertThat(Wire.roundTrip(update, TWO_OCTET)).isEqualTo(update);
  }

  @Test
  void mergesAs4PathThatComesBeforeAsPath() throws MalformedMessageException {
    Update update =
        Wire.decodeUpdate(
            Wire.update(
                "",
                """
                c0 11 06 02 01 fa 56 ea 01   # AS4_PATH: sequence 4200000001
                40 01 01 00                  # ORIGIN
                40 02 06 02 02 fd e8 5b a0   # AS_PATH: sequence 65000 AS_TRANS
                40 03 04 0a 00 00 01         # NEXT_HOP
                """,
                "08 0a"),
            TWO_OCTET);
    assertThat(update.attributes().asPath()).isEqualTo(AsPath.of(65000, 4200000001L));
    assertThat(update.problems()).isEmpty();
  }

  @Test
  void ignoresAnAs4PathLongerThanAsPath() throws MalformedMessageException {
    Update update =
        Wire.decodeUpdate(
            Wire.update(
                "",
                """
                40 01 01 00                              # ORIGIN
                40 02 04 02 01 fd e8                     # AS_PATH: sequence 65000
                40 03 04 0a 00 00 01                     # NEXT_HOP
                c0 11 0a 02 02 00 00 00 01 00 00 00 02   # AS4_PATH: sequence 1 2
                """,
                "08 0a"),
            TWO_OCTET);
    assertThat(update.attributes().asPath()).isEqualTo(AsPath.of(65000));
  }

  @ParameterizedTest
  @EnumSource(AddressFamily.class)
  void recognisesItsOwnEndOfRib(AddressFamily family) throws MalformedMessageException {
    Update marker = (Update) Wire.roundTrip(Update.endOfRib(family), MODERN);
    assertThat(marker.endOfRib()).contains(family);
    assertThat(marker.announcements()).isEmpty();
    assertThat(marker.withdrawals()).isEmpty();
  }

  @Test
  void announcesWithTheNextHopOfEachField() {
    Update update =
        new Update(
            NO_IPV4,
            PathAttributes.of(
                Origin.IGP,
                new PathAttribute.NextHop(ip("10.0.0.1")),
                new PathAttribute.MpReach(ip("2001:db8::1"), prefixes("2001:db8::/32"))),
            prefixes("10.0.0.0/8"));
    assertThat(update.announcements())
        .containsExactly(
            new Update.Announcement(
                PathAttributes.of(Origin.IGP, new PathAttribute.NextHop(ip("10.0.0.1"))),
                prefixes("10.0.0.0/8")),
            new Update.Announcement(
                PathAttributes.of(Origin.IGP, new PathAttribute.NextHop(ip("2001:db8::1"))),
                prefixes("2001:db8::/32")));
  }

  @Test
  void cutsNotificationDataToTheLargestMessage() {
    Notification notification =
        Notification.of(NotificationCode.OPTIONAL_ATTRIBUTE_ERROR, Bytes.of(new byte[9000]));
    assertThat(Wire.encode(notification, MODERN)).hasSize(4096);
  }

  @Test
  void refusesAnUpdateThatDoesNotFitAndLeavesTheBufferAsItWas() {
    Update update =
        new Update(
            NO_IPV4,
            PathAttributes.of(new PathAttribute.Unknown(0xc0, 200, Bytes.of(new byte[5000]))),
            NO_IPV4);
    var out = Unpooled.buffer();
    assertThatThrownBy(() -> MessageCodec.encode(update, MODERN, out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 4096");
    assertThat(out.readableBytes()).isZero();
  }
}
