package dev.peerage.bgp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peerage.bgp.wire.UpdateValidator.Session;
import io.netty.buffer.ByteBuf;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What leaves nothing but a session reset: routes that cannot be told (RFC 7606). */
class UpdateSessionResetTest {
  private static final Session EXTERNAL = new Session(true, 65000);

  private static final String ORIGIN = "40 01 01 00\n";
  private static final String AS_PATH = "40 02 06 02 01 00 00 fd e8\n";
  private static final String NEXT_HOP = "40 03 04 0a 00 00 01\n";
  private static final String GOOD = ORIGIN + AS_PATH + NEXT_HOP;
  private static final String NLRI = "18 ac 14 05"; // 172.20.5.0/24

  static Stream<Arguments> sessionReset() {
    NotificationCode network = NotificationCode.INVALID_NETWORK_FIELD;
    NotificationCode list = NotificationCode.MALFORMED_ATTRIBUTE_LIST;
    NotificationCode optional = NotificationCode.OPTIONAL_ATTRIBUTE_ERROR;
    String reach = "00 02 01 10 20 01 0d b8" + "00".repeat(11) + "01 00 ";
    return Stream.of(
        Arguments.of("prefix length 33", Wire.update("", GOOD, "21 0a 00 00 00 00"), network, ""),
        Arguments.of("route cut", Wire.update("", GOOD, "18 0a 00"), network, ""),
        Arguments.of("withdrawn /33", Wire.update("21 0a 00 00 00 00", "", ""), network, ""),
        Arguments.of("withdrawn route cut", Wire.update("20 0a", "", ""), network, ""),
        Arguments.of("withdrawn routes overrun", Wire.message(2, "00 05 00 00"), list, ""),
        Arguments.of("attributes overrun", Wire.message(2, "00 00 00 01"), list, ""),
        Arguments.of(
            "unknown well-known attribute",
            Wire.update("", GOOD + "40 c8 01 07", NLRI),
            NotificationCode.UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE,
            "40c80107"),
        Arguments.of(
            "MP_UNREACH twice",
            Wire.update("", "80 0f 03 00 02 01 80 0f 03 00 02 01", ""),
            list,
            ""),
        Arguments.of(
            "MP_REACH shorter than its fixed part", // CVE-2023-46752
            Wire.update("", ORIGIN + AS_PATH + "80 0e 04 00 02 01 00", ""),
            optional,
            "800e0400020100"),
        Arguments.of(
            "MP_REACH with a next hop of 4",
            Wire.update("", ORIGIN + AS_PATH + "80 0e 09 00 02 01 04 0a 00 00 01 00", ""),
            optional,
            "800e09000201040a00000100"),
        Arguments.of(
            "MP_REACH next hop overrun",
            Wire.update("", ORIGIN + AS_PATH + "80 0e 06 00 02 01 10 0a 00", ""),
            optional,
            "800e06000201100a00"),
        Arguments.of(
            "MP_REACH with a /129",
            Wire.update("", ORIGIN + AS_PATH + "80 0e 16" + reach + "81", ""),
            optional,
            "800e16" + reach.replace(" ", "") + "81"),
        Arguments.of(
            "MP_UNREACH cut",
            Wire.update("", "80 0f 05 00 02 01 40 20", ""),
            optional,
            "800f050002014020"),
        Arguments.of(
            "bad ORIGIN and no routes at all", // RFC 7606 section 5.2
            Wire.update("", "40 01 01 03\n" + AS_PATH, ""),
            NotificationCode.INVALID_ORIGIN_ATTRIBUTE,
            ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sessionReset")
  void resetsTheSession(String what, ByteBuf frame, NotificationCode code, String data) {
    MalformedMessageException e =
        catchThrowableOfType(MalformedMessageException.class, () -> validate(frame, EXTERNAL));
    assertThat(e).as(what).isNotNull();
    assertThat(e.error().notification())
        .isEqualTo(Notification.of(code, Bytes.of(Wire.bytes(data))));
  }

  private static Update validate(ByteBuf frame, Session session) throws MalformedMessageException {
    return UpdateValidator.validate(Wire.decodeUpdate(frame, Wire.MODERN), session);
  }
}
