package dev.peerage.bgp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers, OPEN and ROUTE-REFRESH that must end the session, with the NOTIFICATION to send. */
class MalformedMessageTest {
  private static final String HEAD = "04 fd e8 00 5a 01 01 01 01 "; // AS 65000, 90 s, 1.1.1.1

  private static Arguments bad(String what, ByteBuf frame, NotificationCode code, String data) {
    return Arguments.of(what, frame, code, data);
  }

  private static ByteBuf open(String body) {
    return Wire.message(1, body);
  }

  private static ByteBuf header(int length, int type) {
    return Wire.buffer(Wire.MARKER + String.format("%04x%02x", length, type));
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        bad(
            "marker with a zero bit",
            Wire.buffer("ff".repeat(15) + "fe 0013 04"),
            NotificationCode.CONNECTION_NOT_SYNCHRONIZED,
            ""),
        bad("length 18", header(18, 4), NotificationCode.BAD_MESSAGE_LENGTH, "0012"),
        bad("length 0", header(0, 2), NotificationCode.BAD_MESSAGE_LENGTH, "0000"),
        bad("KEEPALIVE of 20", header(20, 4), NotificationCode.BAD_MESSAGE_LENGTH, "0014"),
        bad("OPEN of 28", header(28, 1), NotificationCode.BAD_MESSAGE_LENGTH, "001c"),
        bad("UPDATE of 22", header(22, 2), NotificationCode.BAD_MESSAGE_LENGTH, "0016"),
        bad("NOTIFICATION of 20", header(20, 3), NotificationCode.BAD_MESSAGE_LENGTH, "0014"),
        bad("UPDATE of 4097", header(4097, 2), NotificationCode.BAD_MESSAGE_LENGTH, "1001"),
        bad("type 0", header(19, 0), NotificationCode.BAD_MESSAGE_TYPE, "00"),
        bad("type 6", header(19, 6), NotificationCode.BAD_MESSAGE_TYPE, "06"),
        bad("type 255", header(19, 255), NotificationCode.BAD_MESSAGE_TYPE, "ff"),
        bad(
            "version 3",
            open("03 fd e8 00 5a 01 01 01 01 00"),
            NotificationCode.UNSUPPORTED_VERSION_NUMBER,
            "0004"),
        bad(
            "hold time 1",
            open("04 fd e8 00 01 01 01 01 01 00"),
            NotificationCode.UNACCEPTABLE_HOLD_TIME,
            "0001"),
        bad(
            "hold time 2",
            open("04 fd e8 00 02 01 01 01 01 00"),
            NotificationCode.UNACCEPTABLE_HOLD_TIME,
            "0002"),
        bad(
            "identifier 0",
            open("04 fd e8 00 5a 00 00 00 00 00"),
            NotificationCode.BAD_BGP_IDENTIFIER,
            ""),
        bad("AS 0", open("04 00 00 00 5a 01 01 01 01 00"), NotificationCode.BAD_PEER_AS, "0000"),
        bad(
            "two-octet AS 65000, four-octet AS 1",
            open(HEAD + "08 02 06 41 04 00 00 00 01"),
            NotificationCode.BAD_PEER_AS,
            "fde8"),
        bad(
            "parameters longer than the message",
            open(HEAD + "0a 02 02 02 00"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "bytes behind the parameters",
            open(HEAD + "00 02 02 02 00"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "ends at the octet that announces parameters", // CVE-2022-43681
            open(HEAD + "ff"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "ends in the extended header", // CVE-2022-40302, CVE-2022-40318
            open(HEAD + "ff ff 00"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "ends in an extended parameter's header",
            open(HEAD + "ff ff 00 02 02 00"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "parameter without a length",
            open(HEAD + "01 02"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "parameter longer than the parameters",
            open(HEAD + "04 02 03 02 00"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "authentication parameter",
            open(HEAD + "03 01 01 00"),
            NotificationCode.UNSUPPORTED_OPTIONAL_PARAMETER,
            "0101"),
        bad(
            "capability without a length",
            open(HEAD + "03 02 01 02"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "capability longer than its parameter",
            open(HEAD + "06 02 04 41 04 00 00"),
            NotificationCode.OPEN_MESSAGE_ERROR,
            ""),
        bad(
            "RFC 7313 5: beginning of a refresh with a body of 5",
            Wire.message(5, "00 01 01 01 01"),
            NotificationCode.ROUTE_REFRESH_INVALID_LENGTH,
            "ff".repeat(16) + "0018050001010101"),
        bad(
            "RFC 7313 5: end of a refresh with a body of 6",
            Wire.message(5, "00 01 02 01 01 00"),
            NotificationCode.ROUTE_REFRESH_INVALID_LENGTH,
            "ff".repeat(16) + "00190500010201 0100".replace(" ", "")),
        bad(
            "RFC 2918 3: ROUTE-REFRESH of 22",
            header(22, 5),
            NotificationCode.BAD_MESSAGE_LENGTH,
            "0016"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void endsTheSession(String what, ByteBuf frame, NotificationCode code, String data) {
    MalformedMessageException e =
        catchThrowableOfType(
            MalformedMessageException.class, () -> MessageCodec.decode(frame, Wire.MODERN));
    assertThat(e).as(what).isNotNull();
    assertThat(e.error().notification())
        .isEqualTo(Notification.of(code, Bytes.of(Wire.bytes(data))));
    assertThat(e.error().reason()).isNotBlank();
    assertThat(e.getStackTrace()).as("peers can cause it at will").isEmpty();
  }

  @Test
  void waitsForAWholeHeader() throws MalformedMessageException {
    byte[] keepalive = Wire.encode(Keepalive.KEEPALIVE, CodecContext.INITIAL);
    ByteBuf in = Unpooled.buffer();
    for (int i = 0; i < keepalive.length; i++) {
      assertThat(MessageCodec.frameLength(in, CodecContext.INITIAL)).as("%d bytes", i).isZero();
      in.writeByte(keepalive[i]);
    }
    assertThat(MessageCodec.frameLength(in, CodecContext.INITIAL)).isEqualTo(19);
    assertThat(in.readerIndex()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"2, 65535", "3, 65535", "5, 65535", "1, 4096"})
  void takesLongMessagesOnlyWhereRfc8654Does(int type, int longest)
      throws MalformedMessageException {
    assertThat(MessageCodec.frameLength(header(longest, type), Wire.EXTENDED)).isEqualTo(longest);
    if (longest < 65535) {
      MalformedMessageException e =
          catchThrowableOfType(
              MalformedMessageException.class,
              () -> MessageCodec.frameLength(header(longest + 1, type), Wire.EXTENDED));
      assertThat(e.error().notification().is(NotificationCode.BAD_MESSAGE_LENGTH)).isTrue();
    }
  }

  @Test
  void keepsACapabilityThatDoesNotFitItsCodeAsUnknown() throws MalformedMessageException {
    // graceful restart of 3 bytes, FQDN whose domain runs out (CVE-2023-41361 is of this kind)
    Open open =
        (Open)
            MessageCodec.decode(
                open(HEAD + "0b 02 09 40 03 00 78 01 49 02 00 05"), CodecContext.INITIAL);
    assertThat(open.capabilities())
        .containsExactly(
            new Capability.Unknown(64, Bytes.octets(0, 0x78, 1)),
            new Capability.Unknown(73, Bytes.octets(0, 5)));
  }

  @ParameterizedTest
  @CsvSource({
    "65001, 2.2.2.2, 0, ''",
    "65001, 2.2.2.2, 65001, ''",
    "65000, 2.2.2.2, 65000, ''",
    "65001, 1.1.1.1, 65001, ''", // RFC 6286: the same identifier in another AS is legal
    "65001, 2.2.2.2, 65002, BAD_PEER_AS",
    "0, 2.2.2.2, 0, BAD_PEER_AS",
    "65000, 1.1.1.1, 65000, BAD_BGP_IDENTIFIER",
  })
  void checksAnOpenAgainstWhatIsExpected(long asn, String id, long expected, String code) {
    Open open = new Open(asn, 90, Wire.ipv4(id), List.of());
    var expectation = new OpenValidator.Expectation(65000, Wire.ipv4("1.1.1.1"), expected);
    assertThat(OpenValidator.check(open, expectation))
        .map(error -> error.notification().named().orElseThrow().name())
        .isEqualTo(code.isEmpty() ? Optional.empty() : Optional.of(code));
  }

  /** Whatever the bytes: a message, or an answer; never another exception. */
  @Test
  void survivesRandomChangesOfEveryMessage() {
    Random random = new Random(7606);
    byte[][] seeds =
        MessageCodecTest.messages()
            .map(message -> Wire.encode(message, Wire.EXTENDED))
            .toArray(byte[][]::new);
    int decoded = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes && bytes.length > 19; i++) {
        bytes[19 + random.nextInt(bytes.length - 19)] = (byte) random.nextInt(256);
      }
      CodecContext context = random.nextBoolean() ? Wire.EXTENDED : Wire.TWO_OCTET;
      try {
        Message message = MessageCodec.decode(Unpooled.wrappedBuffer(bytes), context);
        if (message instanceof Update update) {
          UpdateValidator.validate(
              update, new UpdateValidator.Session(random.nextBoolean(), 65000));
        }
        decoded++;
      } catch (MalformedMessageException e) {
        assertThat(e.error().reason()).isNotBlank();
      }
    }
    assertThat(decoded).as("changed messages that still are messages").isPositive();
  }
}
