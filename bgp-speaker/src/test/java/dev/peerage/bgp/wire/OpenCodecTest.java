package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.Wire.ipv4;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.Capability.Family;
import java.util.List;
import org.junit.jupiter.api.Test;

/** OPEN and its capabilities: literal bytes, and the long form of RFC 9072. */
class OpenCodecTest {
  private static final String OPEN =
      """
      ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff  # marker
      00 5a                                            # length 90
      01                                               # OPEN
      04                                               # version 4
      5b a0                                            # AS_TRANS: the ASN has four octets
      00 5a                                            # hold time 90 s
      c0 a8 0a 01                                      # BGP identifier 192.168.10.1
      3d                                               # 61 bytes of optional parameters
      02 06                                            # capabilities, 6 bytes
        01 04 00 01 00 01                              # multiprotocol ipv4/unicast
      02 06
        01 04 00 02 00 01                              # multiprotocol ipv6/unicast
      02 02
        02 00                                          # route refresh
      02 06
        41 04 fb f0 00 01                              # four-octet ASN 4226809857
      02 08
        40 06 80 78 00 01 01 80                        # graceful restart: R, 120 s, ipv4/unicast, F
      02 06
        45 04 00 01 01 03                              # add-path ipv4/unicast, both ways
      02 09
        49 07 03 74 6f 72 02 64 63                     # FQDN: host tor, domain dc
      02 02
        80 00                                          # old route refresh of Cisco: unknown
      """;

  @Test
  void decodesAnOpenWithOneParameterPerCapability() throws MalformedMessageException {
    assertThat(MessageCodec.decode(Wire.buffer(OPEN), CodecContext.INITIAL))
        .isEqualTo(
            new Open(
                4226809857L,
                90,
                ipv4("192.168.10.1"),
                List.of(
                    Capability.Multiprotocol.of(AddressFamily.IPV4_UNICAST),
                    Capability.Multiprotocol.of(AddressFamily.IPV6_UNICAST),
                    new Capability.RouteRefresh(),
                    new Capability.FourOctetAsn(4226809857L),
                    new Capability.GracefulRestart(
                        true,
                        false,
                        120,
                        List.of(
                            new Capability.GracefulRestart.FamilyState(new Family(1, 1), true))),
                    new Capability.AddPath(
                        List.of(new Capability.AddPath.FamilyMode(new Family(1, 1), 3))),
                    new Capability.Fqdn("tor", "dc"),
                    new Capability.Unknown(128, Bytes.EMPTY))));
  }

  @Test
  void usesTheExtendedFormForLongCapabilities() throws MalformedMessageException {
    Open open =
        new Open(
            65000,
            90,
            ipv4("1.1.1.1"),
            List.of(
                new Capability.Unknown(200, Bytes.of(new byte[200])),
                new Capability.Unknown(201, Bytes.of(new byte[200]))));
    byte[] bytes = Wire.encode(open, CodecContext.INITIAL);
    assertThat(bytes[28]).as("RFC 9072 length octet").isEqualTo((byte) 255);
    assertThat(bytes[29]).as("RFC 9072 type octet").isEqualTo((byte) 255);
    assertThat(Wire.roundTrip(open, CodecContext.INITIAL)).isEqualTo(open);
  }

  @Test
  void acceptsTheExtendedFormForShortCapabilities() throws MalformedMessageException {
    Message open =
        MessageCodec.decode(
            Wire.message(
                1,
                """
                04 fd e8 00 5a 01 01 01 01   # version, AS 65000, hold time, identifier
                ff ff 00 05                  # extended form, 5 bytes
                02 00 02 02 00               # capabilities, 2 bytes: route refresh
                """),
            CodecContext.INITIAL);
    assertThat(((Open) open).capabilities()).containsExactly(new Capability.RouteRefresh());
  }

  @Test
  void readsAndWritesLongLivedGracefulRestart() throws MalformedMessageException {
    Open open =
        (Open)
            MessageCodec.decode(
                Wire.message(
                    1,
                    """
                    04 fd e8 00 5a 01 01 01 01   # version, AS 65000, hold time, identifier
                    12                           # 18 bytes of optional parameters
                    02 10 47 0e                  # RFC 9494 section 3.1
                    00 01 01 80 01 51 80         # ipv4/unicast, F, 86400 s
                    00 02 01 00 00 00 00         # ipv6/unicast, 0 s
                    """),
                CodecContext.INITIAL);
    assertThat(open.capabilities())
        .containsExactly(
            new Capability.LongLivedGracefulRestart(
                List.of(
                    new Capability.LongLivedGracefulRestart.FamilyTime(
                        new Family(1, 1), true, 86400),
                    new Capability.LongLivedGracefulRestart.FamilyTime(
                        new Family(2, 1), false, 0))));
    assertThat(Wire.roundTrip(open, CodecContext.INITIAL)).isEqualTo(open);
  }
}
