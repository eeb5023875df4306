package dev.peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesQueryTest {
  @ParameterizedTest
  @CsvSource({
    "'', /routes/available?afi=ipv4&safi=unicast",
    "available, /routes/available?afi=ipv4&safi=unicast",
    "advertised, /routes/advertised?afi=ipv4&safi=unicast",
    "received peer 10.0.0.1, /routes/received?afi=ipv4&safi=unicast",
    "available 172.16.1.1, /routes/available?afi=ipv4&safi=unicast&prefix=172.16.1.1",
    "advertised FD00::/64, /routes/advertised?afi=ipv6&safi=unicast&prefix=fd00::/64",
    "received peer fd00::2 10.0.0.0/8, /routes/received?afi=ipv4&safi=unicast&prefix=10.0.0.0/8",
    "available ipv6 unicast, /routes/available?afi=ipv6&safi=unicast",
    "advertised ipv6 unicast vrouter 65001 peer fd00::1, /routes/advertised?afi=ipv6&safi=unicast"
  })
  void readsTheWordsOfTheCommandLine(String words, String path) {
    assertThat(RoutesQuery.parse(words.isEmpty() ? List.of() : List.of(words.split(" "))).path())
        .isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "recieved | is not understood",
        "available peer 10.0.0.1 | needs 'advertised'",
        "advertised vrouter | needs a value",
        "available 10.0.0.0/33 | is not in 0..32",
        "available 10.0.0 | is not an IP address",
        "advertised vrouter x | expected an ASN"
      })
  void saysWhatItDoesNotUnderstand(String words, String message) {
    assertThatThrownBy(() -> RoutesQuery.parse(List.of(words.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void helpListsTheCommands() {
    assertThat(PeerageCommand.run("routes", "--help")).isZero();
  }
}
