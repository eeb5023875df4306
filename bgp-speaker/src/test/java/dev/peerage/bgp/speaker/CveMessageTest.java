package dev.peerage.bgp.speaker;

import static dev.peerage.bgp.speaker.Desired.exporting;
import static dev.peerage.bgp.speaker.Desired.ip;
import static dev.peerage.bgp.speaker.Desired.listening;
import static dev.peerage.bgp.speaker.Desired.only;
import static dev.peerage.bgp.speaker.Desired.passive;
import static dev.peerage.bgp.speaker.Desired.peer;
import static dev.peerage.bgp.speaker.Desired.speaker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** OPENs, NOTIFICATIONs and others that broke other speakers, over TCP. */
class CveMessageTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String NODE = "10.0.0.1";
  private static final String BAD = "10.0.0.3";

  /** Version 4, AS 65002, hold time 0, identifier 10.0.0.3. */
  private static final String OPEN = "04 fdea 0000 0a000003 ";

  private static final String FOUR_OCTETS = "4104 0000fdea";

  private final Loopback loopback = new Loopback();
  private final Speaker node = Speaker.start(Desired.settings(loopback));

  CveMessageTest() {
    node.apply(
            speaker(
                listening(
                    NODE,
                    65001,
                    Desired.routes(),
                    passive(exporting(peer(NODE, BAD, 65002), only())))))
        .join();
  }

  @AfterEach
  void close() {
    node.close(Shutdown.CEASE).join();
  }

  private RawPeer dial(String from) {
    return await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () -> RawPeer.dial(loopback.toSocket(ip(from), 0), loopback.toSocket(ip(NODE), 179)),
            _ -> true);
  }

  static Stream<Arguments> refusesTheOpen() {
    return Stream.of(
        arguments("CVE-2022-40302: extended parameters, no length octet", OPEN + "ff ff"),
        arguments("CVE-2022-40302: extended parameters, one length octet", OPEN + "ff ff 00"),
        arguments("CVE-2022-40318: extended parameter without length", OPEN + "ff ff 0001 02"),
        arguments("CVE-2022-40318: extended length cut", OPEN + "ff ff 0002 02 00"),
        arguments("CVE-2022-40318: extended length too large", OPEN + "ff ff 0004 02 00ff 41"),
        arguments("CVE-2022-43681: ends at the length of the parameters", OPEN + "02"),
        arguments("CVE-2022-43681: ends at a parameter's type", OPEN + "01 02"),
        arguments("CVE-2022-43681: ends at a parameter's length", OPEN + "02 02 06"),
        arguments("CVE-2022-36440: four-octet AS runs out", OPEN + "06 02 04 41 04 0000"),
        arguments("CVE-2022-37032: capability beyond its parameter", OPEN + "04 02 02 40 20"),
        arguments("CVE-2023-41361: software version beyond its field", OPEN + "05 02 03 4b ff 41"),
        arguments("CVE-2018-5381: a capability code alone", OPEN + "03 02 01 01"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refusesTheOpen(String what, String body) throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.expect(Open.class);
      bad.sendBytes(message(1, body));

      bad.expectNotification(NotificationCode.OPEN_MESSAGE_ERROR);
    }
    aSoundSessionFollows();
  }

  static Stream<Arguments> acceptsTheOpen() {
    return Stream.of(
        arguments("CVE-2022-36440: four-octet AS of 0 bytes beside a sound one", "4100"),
        arguments("CVE-2023-31489: long-lived graceful restart of 3 bytes", "4703 000101"),
        arguments("CVE-2023-31489: long-lived graceful restart of 1 byte", "4701 00"),
        arguments("CVE-2023-41360: ORF capability cut short", "0304 00010001"),
        arguments("CVE-2023-41361: software version shorter than it says", "4b02 0541"),
        arguments("CVE-2025-43971: software version of length 0", "4b01 00"),
        arguments("CVE-2025-43971: software version of 0 bytes", "4b00"),
        arguments("CVE-2024-31949: dynamic capability announced", "4300"),
        arguments("CVE-2018-5381: 40 capabilities of 0 bytes", "0100 4000".repeat(20)),
        arguments("graceful restart of an odd length", "4003 800001"),
        arguments("host name longer than the capability", "4903 ff4141"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void acceptsTheOpen(String what, String capabilities) throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.expect(Open.class);
      String all = (capabilities + FOUR_OCTETS).replace(" ", "");
      bad.sendBytes(
          message(1, OPEN + hex(all.length() / 2 + 2) + "02" + hex(all.length() / 2) + all));
      bad.expect(Keepalive.class);
      bad.send(Keepalive.KEEPALIVE);

      await().atMost(LIMIT).until(() -> state().phase() instanceof PeerState.Phase.Up);
    }
  }

  static Stream<Arguments> endsTheSession() {
    return Stream.of(
        arguments("CVE-2023-41360: a refresh marker with more behind it", 5, "0001 01 01 01 40"),
        arguments("CVE-2024-31949: a dynamic capability message", 6, "00 40 04 80"),
        arguments("CVE-2023-46565: a NOTIFICATION of 20 bytes", 3, "06"),
        arguments("CVE-2026-37462: an UPDATE of 22 bytes", 2, "0000 00"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void endsTheSession(String what, int type, String body) throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.establish(UpdateCase.From.EBGP.open());
      bad.sendBytes(message(type, body));

      Notification answer = bad.expectIgnoringUpdates(Notification.class);
      assertThat(answer.code() + "/" + answer.subcode())
          .isEqualTo(type == 5 ? "7/1" : type == 6 ? "1/3" : "1/2");
      bad.expectEnd();
    }
    aSoundSessionFollows();
  }

  static Stream<Arguments> keepsTheSession() {
    return Stream.of(
        arguments("CVE-2023-41360: refresh with an ORF header cut", 5, "0001 00 01 01 40"),
        arguments("CVE-2023-41360: refresh with an ORF too long", 5, "0001 00 01 01 40 ffff 00"),
        arguments("refresh of a family that nobody knows", 5, "ffff 00 ff"),
        arguments("refresh of an unknown subtype", 5, "0001 63 01"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void keepsTheSession(String what, int type, String body) throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.establish(UpdateCase.From.EBGP.open());
      await().atMost(LIMIT).until(() -> state().phase() instanceof PeerState.Phase.Up);
      PeerState.Phase phase = state().phase();
      UpdateCase sentinel = UpdateCase.table("legal").getFirst();
      bad.sendBytes(message(type, body));
      bad.sendBytes(sentinel.message(UpdateCase.From.EBGP));

      await().atMost(LIMIT).until(() -> state().families().getFirst().received() == 1);
      assertThat(state().phase()).isEqualTo(phase);
    }
  }

  static Stream<Arguments> readsTheNotification() {
    return Stream.of(
        arguments("CVE-2019-16159: shutdown text beyond its field", "06 02 ff 6869", "6/2"),
        arguments("CVE-2019-16159: shutdown text of 255 bytes", "06 02 ff" + "41".repeat(255), "A"),
        arguments("CVE-2018-5380: unknown code", "ff ff 0102", "255/255"),
        arguments("CVE-2018-5380: unknown subcode of a known code", "03 63", "3/99"),
        arguments("Hard Reset nested 1000 deep", "06 09" + "0609".repeat(1000), "6/9"),
        arguments("control characters in the text", "06 04 05 1b5b324a0a", "6/4"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void readsTheNotification(String what, String body, String shown) throws IOException {
    try (RawPeer bad = dial(BAD)) {
      bad.establish(UpdateCase.From.EBGP.open());
      // CVE-2022-37035: more behind it, when the session is gone already.
      bad.sendBytes(message(3, body));
      bad.sendBytes(message(2, "0000 0000"));

      bad.expectEndIgnoringMessages();
    }
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(state().lastError())
                .contains(shown)
                .hasSizeLessThan(500)
                .matches(text -> text.chars().noneMatch(Character::isISOControl)));
    aSoundSessionFollows();
  }

  @Test
  void aStrangerIsClosedBeforeItsOpenIsRead() throws IOException {
    try (RawPeer stranger = dial("10.0.0.99")) {
      stranger.expectReset();
    }
  }

  private void aSoundSessionFollows() throws IOException {
    try (RawPeer again = dial(BAD)) {
      again.establish(UpdateCase.From.EBGP.open());
      await().atMost(LIMIT).until(() -> state().phase() instanceof PeerState.Phase.Up);
    }
  }

  private PeerState state() {
    return node.state().instances().getFirst().peers().getFirst();
  }

  private static String hex(int octet) {
    return "%02x".formatted(octet);
  }

  private static byte[] message(int type, String body) {
    String bytes = body.replace(" ", "");
    return HexFormat.of()
        .parseHex("ff".repeat(16) + "%04x%02x".formatted(19 + bytes.length() / 2, type) + bytes);
  }
}
