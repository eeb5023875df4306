package dev.peerage.lab;

import static dev.peerage.lab.LabFixtures.address;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabAddressesTest {
  private final LabAddresses addresses = new LabAddresses();

  private InetAddress socket(String address) {
    return addresses.toSocket(address(address), 0).getAddress();
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.10.100, 127.168.10.100",
    "2001:db8::a:b, 127.10.0.11",
    "10.0.0.0, 127.0.0.2",
    "10.0.0.1, 127.0.0.2",
    "10.255.255.255, 127.0.0.2"
  })
  void anAddressBecomesALoopbackOneThatEndsAlike(String address, String socket) {
    assertThat(socket(address)).isEqualTo(address(socket));
    assertThat(addresses.toLogical(address(socket))).isEqualTo(address(address));
  }

  @Test
  void addressesThatEndAlikeGetDifferentOnes() {
    assertThat(socket("10.1.1.1")).isEqualTo(address("127.1.1.1"));
    assertThat(socket("172.1.1.1")).isEqualTo(address("127.1.1.2"));
    assertThat(socket("10.1.1.2")).isEqualTo(address("127.1.1.3"));
    assertThat(socket("10.1.1.1")).as("stays").isEqualTo(address("127.1.1.1"));
    assertThat(addresses.toLogical(address("127.1.1.2"))).isEqualTo(address("172.1.1.1"));
  }

  @Test
  void aPairOfAddressAndPortKeepsItsPort() {
    InetSocketAddress first = addresses.toSocket(address("192.0.2.1"), 179);

    assertThat(first.getPort()).isPositive();
    assertThat(addresses.toSocket(address("192.0.2.1"), 179)).isEqualTo(first);
    assertThat(addresses.toSocket(address("192.0.2.1"), 0).getPort()).isZero();
  }

  @Test
  void whatIsNotOfTheLabStaysAsItIs() {
    assertThat(addresses.toLogical(address("127.9.9.9"))).isEqualTo(address("127.9.9.9"));
    assertThat(addresses.toSocket(address("0.0.0.0"), 0))
        .isEqualTo(new InetSocketAddress(address("127.0.0.1"), 0));
  }
}
