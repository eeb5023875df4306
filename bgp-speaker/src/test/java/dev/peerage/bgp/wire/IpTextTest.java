package dev.peerage.bgp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpTextTest {
  @ParameterizedTest(name = "RFC 5952 {2}: {0} is {1}")
  @CsvSource({
    "192.0.2.1, 192.0.2.1, ''",
    "0.0.0.0, 0.0.0.0, ''",
    "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1, 4.2.3",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1, 4.2.1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1, 4.2.2",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1, 4.2.3",
    "2001:DB8::AAAA, 2001:db8::aaaa, 4.3",
    "0:0:0:0:0:0:0:0, ::, 4.2.1",
    "0:0:0:0:0:0:0:1, ::1, 4.2.1",
    "1:0:0:0:0:0:0:0, 1::, 4.2.1",
    "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6, 4.2.1",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::, 4.2.1",
    "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0, 4.2.2",
    "fe80::fc:ff:fe00:1, fe80::fc:ff:fe00:1, 4.2.1",
  })
  void everyAddressHasOneForm(String address, String text, String section) {
    assertThat(IpText.of(InetAddress.ofLiteral(address))).isEqualTo(text);
    assertThat(InetAddress.ofLiteral(text)).isEqualTo(InetAddress.ofLiteral(address));
  }

  @ParameterizedTest
  @CsvSource({"2001:db8:0:0:0:0:0:0/32, 2001:db8::/32", "0:0:0:0:0:0:0:0/0, ::/0"})
  void aPrefixToo(String prefix, String text) {
    assertThat(Prefix.parse(prefix)).hasToString(text);
  }
}
