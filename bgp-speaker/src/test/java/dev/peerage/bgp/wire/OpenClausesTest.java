package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.Wire.ipv4;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.Capability.Family;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the clauses of the RFCs say about a legal OPEN, from its optional parameters to values. */
class OpenClausesTest {
  private static final Family V4 = new Family(1, 1);
  private static final Family V6 = new Family(2, 1);
  private static final String HEAD = "04 fd e8 00 5a 01 01 01 01 "; // AS 65000, 90 s, 1.1.1.1

  private record Case(String clause, String parameters, List<Capability> expected) {
    @Override
    public String toString() {
      return clause;
    }
  }

  private static Case row(String clause, String parameters, Capability... expected) {
    return new Case(clause, parameters, List.of(expected));
  }

  /** One capability in one parameter. */
  private static Case one(String clause, String capability, Capability expected) {
    int length = Wire.bytes(capability).length;
    return row(clause, String.format("%02x 02 %02x ", length + 2, length) + capability, expected);
  }

  private static Capability.Unknown unknown(int code, int... octets) {
    return new Capability.Unknown(code, Bytes.octets(octets));
  }

  static Stream<Case> cases() {
    Capability refresh = new Capability.RouteRefresh();
    return Stream.of(
        row("RFC 4271 4.2: no optional parameters", "00"),
        row("RFC 5492 4: a parameter without capabilities", "02 02 00"),
        row(
            "RFC 5492 4: two capabilities in one parameter",
            "06 02 04 02 00 46 00",
            refresh,
            new Capability.EnhancedRouteRefresh()),
        row(
            "RFC 5492 4: the same two in two parameters",
            "08 02 02 02 00 02 02 46 00",
            refresh,
            new Capability.EnhancedRouteRefresh()),
        row(
            "RFC 5492 4: the same capability twice",
            "08 02 02 02 00 02 02 02 00",
            refresh,
            refresh),
        row(
            "RFC 5492 3: unknown capabilities are no error",
            "08 02 06 02 00 f0 02 be ef",
            refresh,
            unknown(0xf0, 0xbe, 0xef)),
        row("RFC 9072 2: extended form though short", "ff ff 00 05 02 00 02 02 00", refresh),
        row(
            "RFC 9072 2: the first length octet is of no meaning, unless 0",
            "01 ff 00 05 02 00 02 02 00",
            refresh),
        row(
            "RFC 9072 2: two extended parameters",
            "ff ff 00 0a 02 00 02 02 00 02 00 02 46 00",
            refresh,
            new Capability.EnhancedRouteRefresh()),
        one(
            "RFC 4760 8: reserved octet is ignored",
            "01 04 00 02 ff 01",
            Capability.Multiprotocol.of(AddressFamily.IPV6_UNICAST)),
        one(
            "RFC 4760 8: family that is not carried",
            "01 04 00 19 00 41",
            new Capability.Multiprotocol(new Family(25, 65))),
        one("RFC 5492 3: wrong length means not understood", "01 03 00 01 00", unknown(1, 0, 1, 0)),
        one(
            "RFC 8950 4: IPv4 with IPv6 next hops",
            "05 06 00 01 00 01 00 02",
            new Capability.ExtendedNextHop(
                List.of(new Capability.ExtendedNextHop.Encoding(V4, 2)))),
        one("RFC 8950 4: half an entry", "05 05 00 01 00 01 00", unknown(5, 0, 1, 0, 1, 0)),
        one("RFC 8654 3: extended message", "06 00", new Capability.ExtendedMessage()),
        one("RFC 8654 3: with a value it is another thing", "06 01 00", unknown(6, 0)),
        one(
            "RFC 4724 3: restarting, F for one of two",
            "40 0a 80 78 00 01 01 80 00 02 01 00",
            new Capability.GracefulRestart(
                true,
                false,
                120,
                List.of(
                    new Capability.GracefulRestart.FamilyState(V4, true),
                    new Capability.GracefulRestart.FamilyState(V6, false)))),
        one(
            "RFC 4724 3: helper only",
            "40 02 00 00",
            new Capability.GracefulRestart(false, false, 0, List.of())),
        one(
            "RFC 8538 2: N bit, largest time",
            "40 02 4f ff",
            new Capability.GracefulRestart(false, true, 4095, List.of())),
        one("RFC 6793 3: four-octet ASN", "41 04 00 00 fd e8", new Capability.FourOctetAsn(65000)),
        one(
            "RFC 7911 4: receive, send and both",
            "45 0c 00 01 01 01 00 02 01 02 00 01 80 03",
            new Capability.AddPath(
                List.of(
                    new Capability.AddPath.FamilyMode(V4, 1),
                    new Capability.AddPath.FamilyMode(V6, 2),
                    new Capability.AddPath.FamilyMode(new Family(1, 128), 3)))),
        one(
            "RFC 7911 4: unknown mode is left to the receiver",
            "45 04 00 01 01 04",
            new Capability.AddPath(List.of(new Capability.AddPath.FamilyMode(V4, 4)))),
        one("RFC 7313 3: enhanced route refresh", "46 00", new Capability.EnhancedRouteRefresh()),
        one(
            "RFC 9494 3: 24 bits of stale time",
            "47 07 00 02 01 80 ff ff ff",
            new Capability.LongLivedGracefulRestart(
                List.of(new Capability.LongLivedGracefulRestart.FamilyTime(V6, true, 0xffffff)))),
        one(
            "RFC 9494 3: half an entry",
            "47 06 00 02 01 80 ff ff",
            unknown(71, 0, 2, 1, 0x80, 0xff, 0xff)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void meansWhatTheClauseSays(Case each) throws MalformedMessageException {
    Message open =
        MessageCodec.decode(Wire.message(1, HEAD + each.parameters), CodecContext.INITIAL);
    assertThat(open).isEqualTo(new Open(65000, 90, ipv4("1.1.1.1"), each.expected));
    assertThat(Wire.roundTrip(open, CodecContext.INITIAL)).isEqualTo(open);
  }

  /** RFC 9072 section 2: the extended form where 255 bytes are not enough, and only there. */
  @ParameterizedTest(name = "a capability of {0} bytes")
  @ValueSource(ints = {0, 250, 251, 252, 255})
  void usesTheExtendedFormOnlyForMoreThan255Bytes(int length) throws MalformedMessageException {
    Open open =
        new Open(
            65000,
            90,
            ipv4("1.1.1.1"),
            List.of(new Capability.Unknown(200, Bytes.of(new byte[length]))));
    byte[] bytes = Wire.encode(open, CodecContext.INITIAL);
    boolean extended = length + 4 > 255;
    assertThat(bytes[28] & 0xff).isEqualTo(extended ? 255 : length + 4);
    assertThat(bytes[29] & 0xff).isEqualTo(extended ? 255 : 2);
    assertThat(Wire.roundTrip(open, CodecContext.INITIAL)).isEqualTo(open);
  }
}
