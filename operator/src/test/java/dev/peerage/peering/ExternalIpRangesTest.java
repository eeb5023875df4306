package dev.peerage.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.bgp.wire.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalIpRangesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                           | 8.8.8.8/32       | true",
        "192.0.2.0/24                 | 192.0.2.255/32   | true",
        "192.0.2.0/24                 | 192.0.3.0/32     | false",
        "192.0.2.7/32                 | 192.0.2.7/32     | true",
        "0.0.0.0/0                    | 8.8.8.8/32       | true",
        "0.0.0.0/0                    | 2001:db8::1/128  | false",
        "192.0.2.0/24, 2001:db8::/32  | 2001:db8::1/128  | true",
        "::/0                         | 192.0.2.1/32     | false",
      })
  void anAddressIsAllowedWithinARangeOfItsFamily(String ranges, String address, boolean allowed) {
    assertThat(ExternalIpRanges.parse(ranges).allow(Prefix.parse(address))).isEqualTo(allowed);
  }

  @Test
  void whatIsNoCidrIsRefused() {
    assertThatThrownBy(() -> ExternalIpRanges.parse("192.0.2.0/24,192.0.2.7"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'192.0.2.7' has no prefix length");
  }
}
