package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.Wire.ip;
import static dev.peerage.bgp.wire.Wire.ipv4;
import static dev.peerage.bgp.wire.Wire.prefixes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is accepted can be written again and then reads as the same. The messages are good ones
 * with a few bytes changed, so that most get past the first check.
 */
class RoundTripTest {
  private static final int ROUNDS = 20_000;

  private static final Set<AddressFamily> BOTH = EnumSet.allOf(AddressFamily.class);

  static Stream<Arguments> contexts() {
    return Stream.of(
        Arguments.of("modern", Wire.MODERN),
        Arguments.of("extended", Wire.EXTENDED),
        Arguments.of("add-path", Wire.EXTENDED.withAddPath(BOTH, BOTH)),
        Arguments.of("two-octet", Wire.TWO_OCTET));
  }

  private static List<Message> seeds() {
    return List.of(
        new Update(
            prefixes("10.1.0.0/16", "0.0.0.0/0"),
            PathAttributes.of(
                Origin.IGP,
                AsPath.of(65000, 4_200_000_001L, 65002),
                new PathAttribute.NextHop(ip("10.0.0.1")),
                new PathAttribute.Med(7),
                new PathAttribute.LocalPref(100),
                new PathAttribute.AtomicAggregate(),
                new PathAttribute.Aggregator(4_200_000_001L, ipv4("1.2.3.4")),
                new PathAttribute.Communities(List.of(Community.NO_EXPORT)),
                new PathAttribute.OriginatorId(ipv4("1.2.3.4")),
                new PathAttribute.ClusterList(List.of(ipv4("1.2.3.4"))),
                new PathAttribute.ExtendedCommunities(List.of(new ExtendedCommunity(1L << 50))),
                new PathAttribute.Ipv6ExtendedCommunities(
                    List.of(new Ipv6ExtendedCommunity(2, 3, 4, 5))),
                new PathAttribute.LargeCommunities(List.of(new LargeCommunity(1, 2, 3))),
                new PathAttribute.Unknown(0xe0, 99, Bytes.octets(1, 2))),
            prefixes("10.0.0.0/8", "192.0.2.7/32", "172.16.0.0/12")),
        new Update(
            Wire.NO_IPV4,
            PathAttributes.of(
                Origin.EGP,
                AsPath.of(65000),
                new PathAttribute.MpReach(ip("2001:db8::1"), prefixes("2001:db8::/33", "::/0")),
                new PathAttribute.MpUnreach(prefixes("2001:db8:1::/48", "2001:db8::1/128"))),
            Wire.NO_IPV4),
        Update.endOfRib(AddressFamily.IPV4_UNICAST),
        Update.endOfRib(AddressFamily.IPV6_UNICAST),
        new Open(
            4_200_000_001L,
            90,
            ipv4("1.2.3.4"),
            List.of(
                Capability.Multiprotocol.of(AddressFamily.IPV6_UNICAST),
                new Capability.RouteRefresh(),
                new Capability.ExtendedNextHop(
                    List.of(
                        new Capability.ExtendedNextHop.Encoding(new Capability.Family(1, 1), 2))),
                new Capability.GracefulRestart(
                    true,
                    true,
                    120,
                    List.of(
                        new Capability.GracefulRestart.FamilyState(
                            new Capability.Family(1, 1), true))),
                new Capability.FourOctetAsn(4_200_000_001L),
                new Capability.AddPath(
                    List.of(new Capability.AddPath.FamilyMode(new Capability.Family(2, 1), 3))),
                new Capability.Fqdn("node", "ä"),
                new Capability.Unknown(75, Bytes.octets(1, 'x')))),
        Notification.shutdown(NotificationCode.ADMINISTRATIVE_SHUTDOWN, "bye"),
        RouteRefresh.of(AddressFamily.IPV6_UNICAST, RouteRefresh.BEGIN));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contexts")
  void readsAgainWhatItAccepted(String name, CodecContext context) {
    Random random = new Random(4271);
    List<Message> seeds = seeds();
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = Wire.encode(seeds.get(random.nextInt(seeds.size())), context.mirrored());
      int changes = random.nextInt(4);
      for (int change = 0; change < changes; change++) {
        int at = MessageCodec.HEADER_LENGTH + random.nextInt(bytes.length);
        if (at < bytes.length) {
          bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] + 1);
        }
      }
      Message message;
      try {
        message = MessageCodec.decode(Unpooled.wrappedBuffer(bytes), context);
      } catch (MalformedMessageException e) {
        continue; // refused, which is as good
      }
      if (message instanceof Update update) {
        if (update.treatAsWithdraw() || (!context.fourOctetAsn() && confederation(update))) {
          // RFC 6793 section 3 keeps confederation segments out of AS4_PATH, so they are lost.
          continue;
        }
        message = new Update(update.withdrawn(), update.attributes(), update.announced());
      }
      accepted++;
      byte[] again = Wire.encode(message, context.mirrored());
      assertThat(read(again, context))
          .as("%s, written again as %s", Bytes.of(bytes), Bytes.of(again))
          .isEqualTo(message);
    }
    assertThat(accepted).isGreaterThan(ROUNDS / 4);
  }

  private static Message read(byte[] bytes, CodecContext context) {
    try {
      return MessageCodec.decode(Unpooled.wrappedBuffer(bytes), context);
    } catch (MalformedMessageException e) {
      throw new AssertionError(Bytes.of(bytes) + " is refused: " + e.getMessage(), e);
    }
  }

  private static boolean confederation(Update update) {
    return update.attributes().asPath().hasConfederation();
  }
}
