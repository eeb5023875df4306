package dev.peerage.bgp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefixes, paths, attribute sets and notifications as values. */
class ValuesTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 0.0.0.0/0",
    "255.255.255.255/0, 0.0.0.0/0",
    "10.1.2.3/8, 10.0.0.0/8",
    "10.1.2.3/31, 10.1.2.2/31",
    "255.255.255.255/32, 255.255.255.255/32",
    "::/0, ::/0",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/63, 2001:db8:ffff:fffe::/63",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/64, 2001:db8:ffff:ffff::/64",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/65, 2001:db8:ffff:ffff:8000::/65",
    "0:0:0:0:0:0:0:1/128, ::1/128",
  })
  void clearsHostBits(String text, String canonical) {
    Prefix prefix = Prefix.parse(text);
    assertThat(prefix).hasToString(canonical).isEqualTo(Prefix.parse(canonical));
    assertThat(PrefixList.of(prefix).prefix(0)).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129", "x/8", "/8"})
  void refusesWhatIsNoPrefix(String text) {
    assertThatThrownBy(() -> Prefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sortsPrefixesAsUnsignedNumbers() {
    List<Prefix> sorted =
        Stream.of("10.0.0.0/16", "200.0.0.0/8", "10.0.0.0/8", "::/0", "9.0.0.0/8")
            .map(Prefix::parse)
            .sorted()
            .toList();
    assertThat(sorted)
        .map(Prefix::toString)
        .containsExactly("9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16", "200.0.0.0/8", "::/0");
  }

  @Test
  void aPrefixListTakesOneFamilyOnly() {
    List<Prefix> mixed = List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("::/0"));
    assertThatThrownBy(() -> PrefixList.of(AddressFamily.IPV4_UNICAST, mixed))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsPathsAsTheDecisionProcessDoes() {
    AsPath path =
        new AsPath(
            List.of(
                new AsPath.Segment(AsPath.Kind.CONFED_SEQUENCE, List.of(9L)),
                new AsPath.Segment(AsPath.Kind.SEQUENCE, List.of(65000L, 65001L)),
                new AsPath.Segment(AsPath.Kind.SET, List.of(1L, 2L, 3L))));
    assertThat(path.length()).isEqualTo(3);
    assertThat(path.neighborAsn()).isEqualTo(65000);
    assertThat(path.contains(2)).isTrue();
    assertThat(path.contains(4)).isFalse();
    assertThat(path.text()).isEqualTo("(9) 65000 65001 {1,2,3}");
    assertThat(AsPath.EMPTY.neighborAsn()).isZero();
  }

  @Test
  void prependsIntoANewSegmentWhenTheFirstIsFull() {
    AsPath path = AsPath.EMPTY;
    for (int i = 0; i < 256; i++) {
      path = path.prepend(65000);
    }
    assertThat(path.length()).isEqualTo(256);
    assertThat(path.segments()).hasSize(2);
    assertThat(path.segments().getFirst().asns()).hasSize(1);
  }

  @Test
  void equalAttributeSetsAreOneKeyWhateverTheirOrder() {
    PathAttributes one = PathAttributes.of(Origin.IGP, new PathAttribute.Med(7), AsPath.of(1));
    PathAttributes other = PathAttributes.of(AsPath.of(1), Origin.IGP, new PathAttribute.Med(7));
    assertThat(new HashSet<>(List.of(one, other.with(Origin.IGP)))).hasSize(1);
    assertThat(one.with(new PathAttribute.Med(8))).isNotEqualTo(one);
    assertThatThrownBy(() -> PathAttributes.of(Origin.IGP, Origin.EGP))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesEveryNotificationOnce() {
    Set<List<Integer>> codes = new HashSet<>();
    List<String> texts = new ArrayList<>();
    for (NotificationCode code : NotificationCode.values()) {
      codes.add(List.of(code.code(), code.subcode()));
      texts.add(code.text());
      assertThat(NotificationCode.of(code.code(), code.subcode())).contains(code);
    }
    assertThat(codes).hasSize(NotificationCode.values().length);
    assertThat(texts).doesNotHaveDuplicates();
  }

  @Test
  void carriesAShutdownCommunication() {
    Notification notification =
        Notification.shutdown(NotificationCode.ADMINISTRATIVE_SHUTDOWN, "upgrade\u0007 at 3");
    assertThat(notification.text())
        .isEqualTo("Cease/Administrative Shutdown (6/2): \"upgrade  at 3\"");
    String longText = "ä".repeat(200);
    assertThat(
            Notification.shutdown(NotificationCode.ADMINISTRATIVE_RESET, longText)
                .shutdownCommunication())
        .isEqualTo("ä".repeat(127));
  }

  @Test
  void ignoresAShutdownCommunicationThatLiesAboutItsLength() { // CVE-2019-16159
    Notification notification =
        Notification.of(NotificationCode.ADMINISTRATIVE_SHUTDOWN, Bytes.octets(200, 'h', 'i'));
    assertThat(notification.shutdownCommunication()).isEmpty();
    assertThat(notification.text()).isEqualTo("Cease/Administrative Shutdown (6/2), data c86869");
  }

  @Test
  void rendersUnknownNotifications() {
    assertThat(new Notification(99, 1, Bytes.EMPTY).text()).isEqualTo("Unknown Error (99/1)");
    assertThat(new Notification(6, 99, Bytes.EMPTY).text()).isEqualTo("Cease (6/99)");
  }

  @Test
  void aHardResetNamesItsReasonOnce() {
    Notification reason = Notification.of(NotificationCode.PEER_DE_CONFIGURED);
    Notification reset = Notification.hardReset(reason);
    assertThat(reset.text()).isEqualTo("Cease/Hard Reset (6/9): Cease/Peer De-configured (6/3)");
    assertThat(Notification.hardReset(reset).text())
        .isEqualTo("Cease/Hard Reset (6/9): Cease/Hard Reset (6/9), data 0603");
  }
}
