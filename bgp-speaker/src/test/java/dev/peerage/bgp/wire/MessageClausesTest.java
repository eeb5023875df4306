package dev.peerage.bgp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the clauses of the RFCs say about NOTIFICATION and ROUTE-REFRESH. */
class MessageClausesTest {
  private static Message decode(int type, String body) throws MalformedMessageException {
    return MessageCodec.decode(Wire.message(type, body), Wire.EXTENDED);
  }

  @ParameterizedTest(name = "RFC {0}: {1}/{2} is {3}")
  @CsvSource({
    "4271 6.1, 1, 1, Message Header Error/Connection Not Synchronized",
    "4271 6.1, 1, 2, Message Header Error/Bad Message Length",
    "4271 6.1, 1, 3, Message Header Error/Bad Message Type",
    "4271 6.2, 2, 1, OPEN Message Error/Unsupported Version Number",
    "4271 6.2, 2, 2, OPEN Message Error/Bad Peer AS",
    "6286 2.2, 2, 3, OPEN Message Error/Bad BGP Identifier",
    "4271 6.2, 2, 4, OPEN Message Error/Unsupported Optional Parameter",
    "4271 6.2, 2, 6, OPEN Message Error/Unacceptable Hold Time",
    "5492 5, 2, 7, OPEN Message Error/Unsupported Capability",
    "4271 6.5, 4, 0, Hold Timer Expired",
    "6608 4, 5, 1, Finite State Machine Error/Unexpected Message in OpenSent State",
    "6608 4, 5, 2, Finite State Machine Error/Unexpected Message in OpenConfirm State",
    "6608 4, 5, 3, Finite State Machine Error/Unexpected Message in Established State",
    "4486 3, 6, 1, Cease/Maximum Number of Prefixes Reached",
    "4486 3, 6, 2, Cease/Administrative Shutdown",
    "4486 3, 6, 3, Cease/Peer De-configured",
    "4486 3, 6, 4, Cease/Administrative Reset",
    "4486 3, 6, 5, Cease/Connection Rejected",
    "4486 3, 6, 6, Cease/Other Configuration Change",
    "4486 3, 6, 7, Cease/Connection Collision Resolution",
    "4486 3, 6, 8, Cease/Out of Resources",
    "8538 3, 6, 9, Cease/Hard Reset",
    "9384 3, 6, 10, Cease/BFD Down",
    "7313 5, 7, 1, ROUTE-REFRESH Message Error/Invalid Message Length",
    "9687 4, 8, 0, Send Hold Timer Expired"
  })
  void namesTheError(String clause, int code, int subcode, String name)
      throws MalformedMessageException {
    Notification notification = (Notification) decode(3, String.format("%02x %02x", code, subcode));
    assertThat(notification.text()).isEqualTo(name + " (" + code + "/" + subcode + ")");
    assertThat(Wire.roundTrip(notification, Wire.MODERN)).isEqualTo(notification);
  }

  @ParameterizedTest(name = "RFC {0}: {1}")
  @CsvSource({
    "9003 2, Cease/2 with text,                    06 02 03 627965,         bye",
    "9003 2, Cease/4 with text,                    06 04 03 627965,         bye",
    "9003 2, no text,                              06 02,                   ''",
    "9003 2, length 0,                             06 02 00,                ''",
    "9003 2, bytes behind the text are ignored,    06 02 03 627965 ff,      bye",
    "9003 2, length octet beyond the message,      06 02 04 627965,         ''",
    "9003 2, no UTF-8,                             06 02 03 62ff65,         b\uFFFDe",
    "9003 5, control characters,                   06 02 04 620a1b65,       b  e",
    "9003 5, right-to-left override,               06 02 05 62e280ae65,     b e",
    "9003 2, not in Cease/6,                       06 06 03 627965,         ''"
  })
  void showsTheShutdownCommunication(String clause, String what, String body, String text)
      throws MalformedMessageException {
    assertThat(((Notification) decode(3, body)).shutdownCommunication()).isEqualTo(text);
  }

  @ParameterizedTest(name = "RFC 9003 2: {1} characters of {0} leave {2} bytes")
  @CsvSource({"a, 255, 255", "a, 256, 255", "ä, 127, 254", "ä, 128, 254", "𝄞, 64, 252"})
  void cutsTheShutdownCommunicationAtACharacter(String character, int count, int bytes) {
    Notification notification =
        Notification.shutdown(NotificationCode.ADMINISTRATIVE_SHUTDOWN, character.repeat(count));
    assertThat(notification.data().at(0)).isEqualTo(bytes);
    assertThat(notification.data().length()).isEqualTo(1 + bytes);
    String shown = notification.shutdownCommunication();
    assertThat(shown.getBytes(StandardCharsets.UTF_8)).hasSize(bytes);
    assertThat(character.repeat(count)).startsWith(shown);
  }

  @ParameterizedTest(name = "RFC {0}: {1}")
  @CsvSource({
    "2918 3, request,                                   00 01 00 01,        1, 0, 1",
    "7313 3.2, beginning,                               00 02 01 01,        2, 1, 1",
    "7313 3.2, end,                                     00 02 02 01,        2, 2, 1",
    "7313 5, unknown subtype is for the FSM to ignore,  00 01 03 01,        1, 3, 1",
    "7313 5, unknown subtype of any length,             00 01 ff 01 be ef,  1, 255, 1",
    "2918 4, unknown family,                            00 19 00 41,        25, 0, 65",
    "5291 5, ORF entries behind a request are skipped,  00 01 00 01 01 40 00 01 00, 1, 0, 1"
  })
  void readsRouteRefresh(String clause, String what, String body, int afi, int subtype, int safi)
      throws MalformedMessageException {
    RouteRefresh expected = new RouteRefresh(afi, subtype, safi);
    assertThat(decode(5, body)).isEqualTo(expected);
    assertThat(HexFormat.of().formatHex(Wire.encode(expected, Wire.MODERN)))
        .isEqualTo(Wire.MARKER + "001705" + String.format("%04x%02x%02x", afi, subtype, safi));
  }

  @ParameterizedTest(name = "RFC 8654 4: {0}")
  @CsvSource({
    "neither side,          false, false, 4096,  4096",
    "the peer only,         true,  false, 65535, 4096",
    "this side only,        false, true,  4096,  65535",
    "both,                  true,  true,  65535, 65535"
  })
  void extendsMessagesPerDirection(
      String announced, boolean peer, boolean thisSide, int sent, int received)
      throws MalformedMessageException {
    CodecContext context = Wire.MODERN.withExtendedMessage(peer, thisSide);
    Notification large =
        Notification.of(NotificationCode.OPTIONAL_ATTRIBUTE_ERROR, Bytes.of(new byte[65535]));
    assertThat(Wire.encode(large, context)).hasSize(sent);
    String header = Wire.MARKER + String.format("%04x03", received);
    assertThat(MessageCodec.frameLength(Wire.buffer(header), context)).isEqualTo(received);
    if (received < 65535) {
      String longer = Wire.MARKER + String.format("%04x03", received + 1);
      assertThat(
              catchThrowableOfType(
                      MalformedMessageException.class,
                      () -> MessageCodec.frameLength(Wire.buffer(longer), context))
                  .error()
                  .notification())
          .isEqualTo(
              Notification.of(NotificationCode.BAD_MESSAGE_LENGTH, Bytes.octets(0x10, 0x01)));
    }
  }
}
