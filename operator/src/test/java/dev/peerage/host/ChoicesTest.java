package dev.peerage.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChoicesTest {
  private static final String UP =
      "2 eth0 - up; 3 eth1 - up; 4 eth2 - down; 5 wg0 wireguard unknown; ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IPV4 |                                                       | NoRoute[]",
        "IPV4 | via fd00::1 eth0 1                                    | NoRoute[]",
        "IPV6 | via fd00::1 eth0 1                                    | Found[address=/fd00:0:0:0:0:0:0:1, link=eth0]",
        "IPV4 | via 10.0.0.1 eth0 100                                 | Found[address=/10.0.0.1, link=eth0]",
        "IPV4 | via 10.0.0.1 eth0 100; via 10.0.1.1 eth1 99           | Found[address=/10.0.1.1, link=eth1]",
        "IPV4 | via 10.0.0.1 eth0 4294967295; via 10.0.1.1 eth1 2147483648 | Found[address=/10.0.1.1, link=eth1]",
        "IPV4 | via 10.0.0.2 eth0 0; via 10.0.0.1 eth1 0              | Found[address=/10.0.0.1, link=eth1]",
        "IPV4 | via 200.0.0.1 eth0 0; via 10.0.0.1 eth0 0             | Found[address=/10.0.0.1, link=eth0]",
        "IPV4 | via 10.0.0.1 eth1 0; via 10.0.0.1 eth0 0              | Found[address=/10.0.0.1, link=eth0]",
        "IPV4 | via 10.0.2.1 eth2 1; via 10.0.1.1 eth1 99             | Found[address=/10.0.1.1, link=eth1]",
        "IPV4 | via 10.0.2.1 eth2 1; via 10.0.3.1 wg0 0               | LinkNotUp[best=DefaultRoute[gateway=/10.0.3.1, link=wg0, metric=0]]",
        "IPV4 | via 10.0.4.1 none 1                                   | LinkNotUp[best=DefaultRoute[gateway=/10.0.4.1, link=none, metric=1]]",
        "IPV6 | via fe80::1 eth0 1                                    | LinkLocal[best=DefaultRoute[gateway=/fe80:0:0:0:0:0:0:1, link=eth0, metric=1]]",
        "IPV4 | via 169.254.1.1 eth0 1                                | LinkLocal[best=DefaultRoute[gateway=/169.254.1.1, link=eth0, metric=1]]",
        "IPV6 | via fe80::1 eth0 1; via fd00::1 eth1 2                | Found[address=/fd00:0:0:0:0:0:0:1, link=eth1]",
      })
  void theGatewayIsTheBestReachableOne(IpFamily family, String routes, String expected) {
    HostNetwork host = Hosts.of(UP + (routes == null ? "" : routes));
    assertThat(DefaultGateway.of(host, family)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IPV4 | 2 lo - unknown - 127.0.0.1                    | NoLink[]",
        "IPV4 | 2 eth0 - up                                   | NoAddress[]",
        "IPV4 | 2 eth0 - up - fd00::1                         | NoAddress[]",
        "IPV4 | 2 eth0 - up - 127.0.0.1                       | NoAddress[]",
        "IPV6 | 2 eth0 - up - ::1,fe80::1,10.0.0.1            | NoAddress[]",
        "IPV4 | 2 eth0 - up - 127.0.0.1,10.0.0.1,fd00::1      | Found[address=/10.0.0.1]",
        "IPV4 | 2 eth0 - down - 10.0.0.1                      | Found[address=/10.0.0.1]",
        "IPV4 | 2 eth0 - up - 169.254.0.1                     | Found[address=/169.254.0.1]",
        "IPV6 | 2 eth0 - up - fe80::1,fd00::1                 | Found[address=/fd00:0:0:0:0:0:0:1]",
        "IPV6 | 2 eth0 - up - 2001:db8::1,fd00::1             | Several[addresses=[/2001:db8:0:0:0:0:0:1, /fd00:0:0:0:0:0:0:1]]",
        "IPV4 | 2 eth0 - up - 10.0.0.2,10.0.0.1               | Several[addresses=[/10.0.0.1, /10.0.0.2]]",
      })
  void theSourceIsTheOnlyUsableAddress(IpFamily family, String host, String expected) {
    assertThat(InterfaceAddress.of(Hosts.of(host), "eth0", family)).hasToString(expected);
  }

  private static final String A = " up 02:00:00:00:00:0a; ";
  private static final String B = " up 02:00:00:00:00:0b; ";
  private static final String NONE = " unknown; ";

  static Stream<String[]> hosts() {
    return Stream.of(
        new String[] {"1 lo -" + NONE, "Optional.empty"},
        new String[] {"1 lo -" + NONE + "3 eth1 -" + B + "2 eth0 -" + A, "02:00:00:00:00:0a"},
        // Not the one towards the gateway: which that is may change at any time.
        new String[] {"2 eth0 -" + A + "3 eth1 -" + B + "via 10.0.0.1 eth1 0", "02:00:00:00:00:0a"},
        new String[] {"2 cali1 veth" + A + "3 eth0 -" + B, "02:00:00:00:00:0b"},
        new String[] {
          "2 cali1 veth" + A + "3 eth0 veth" + B + "via fd00::1 eth0 0", "02:00:00:00:00:0b"
        },
        new String[] {"2 docker0 bridge" + A + "3 bond0 bond" + B, "02:00:00:00:00:0b"},
        new String[] {"2 docker0 bridge" + A + "3 cali1 veth" + B, "02:00:00:00:00:0a"},
        new String[] {"2 eth0 - up 02:01:00:00:00:00; 3 eth1 -" + B, "02:00:00:00:00:0b"});
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void theStableAddressIsThatOfLastingHardware(String host, String expected) {
    assertThat(StableMac.of(Hosts.of(host)).map(MacAddress::toString).orElse("Optional.empty"))
        .isEqualTo(expected);
  }
}
