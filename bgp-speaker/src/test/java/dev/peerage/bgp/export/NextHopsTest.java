package dev.peerage.bgp.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextHopsTest {
  @ParameterizedTest(name = "{0}, RFC 8950 {1}, own {2}: IPv4 {3}, IPv6 {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # session    | 8950  | own addresses               | IPv4        | IPv6
          10.1.0.2     | false | ''                          | 10.1.0.2    | 10.1.0.2
          10.1.0.2     | false | 10.9.0.2 fd01::2            | 10.1.0.2    | fd01::2
          10.1.0.2     | false | fe80::2                     | 10.1.0.2    | 10.1.0.2
          10.1.0.2     | false | ::1 fd09::2 fd01::2         | 10.1.0.2    | fd09::2
          169.254.0.2  | false | 10.1.0.2 fd01::2            | 169.254.0.2 | fd01::2
          127.0.0.1    | false | 10.1.0.2 fd01::2            | 10.1.0.2    | fd01::2
          127.0.0.1    | false | 10.1.0.2                    | 10.1.0.2    | 10.1.0.2
          127.0.0.1    | false | 127.0.0.2 ::1 fe80::2       | -           | -
          127.0.0.1    | false | 169.254.0.2 0.0.0.0 ::      | -           | -
          127.0.0.1    | false | 224.0.0.5 ff02::5           | -           | -
          fd01::2      | false | ''                          | -           | fd01::2
          fd01::2      | false | 10.1.0.2 fd09::2            | 10.1.0.2    | fd01::2
          fd01::2      | true  | 10.1.0.2                    | fd01::2     | fd01::2
          fe80::2      | true  | 10.1.0.2 fd01::2            | fe80::2     | fe80::2
          fe80::2      | false | 10.1.0.2 fd01::2            | 10.1.0.2    | fe80::2
          ::1          | true  | 10.1.0.2 fd01::2            | 10.1.0.2    | fd01::2
          ::1          | true  | fd01::2                     | fd01::2     | fd01::2
          ::1          | false | fd01::2                     | -           | fd01::2
          ::1          | false | 10.1.0.2                    | 10.1.0.2    | 10.1.0.2
          """)
  void eachFamilyHasANextHopThatThePeerCanReach(
      String session, boolean extended, String own, String ipv4, String ipv6) {
    NextHops chosen =
        NextHops.of(
            InetAddress.ofLiteral(session),
            extended,
            own.isEmpty()
                ? List.of()
                : Arrays.stream(own.split(" ")).map(InetAddress::ofLiteral).toList());

    assertThat(text(chosen, AddressFamily.IPV4_UNICAST)).isEqualTo(ipv4);
    assertThat(text(chosen, AddressFamily.IPV6_UNICAST)).isEqualTo(ipv6);
    assertThat(chosen.areMapped()).isEqualTo(ipv6.contains("."));
  }

  private static String text(NextHops chosen, AddressFamily family) {
    return chosen.of(family).map(IpText::of).orElse("-");
  }
}
