package dev.peerage.bgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Md5DropsTest {
  private static final Md5Drops NONE = new Md5Drops(0, 0, 0);

  @Test
  void findsTheCountersAmongTheOthers() {
    assertThat(
            Md5Drops.parse(
                List.of(
                    "IpExt: InNoRoutes InTruncatedPkts",
                    "IpExt: 7 8",
                    "TcpExt: SyncookiesSent TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure",
                    "TcpExt: 1 2 3 4")))
        .contains(new Md5Drops(2, 3, 4));
  }

  @Test
  void aKernelWithoutThemIsNoError() {
    assertThat(Md5Drops.parse(List.of("TcpExt: SyncookiesSent", "TcpExt: 1"))).isEmpty();
    assertThat(Md5Drops.parse(List.of())).isEmpty();
    assertThat(Md5Drops.parse(List.of("TcpExt: TCPMD5Failure", "TcpExt: many"))).contains(NONE);
  }

  @Test
  void thisKernelTells() {
    assertThat(Md5Drops.read()).isPresent();
  }

  @Test
  void saysWhatWasDropped() {
    assertThat(NONE.since(NONE)).isEmpty();
    assertThat(new Md5Drops(0, 0, 1).since(NONE)).contains("wrong");
    assertThat(new Md5Drops(1, 0, 0).since(NONE)).contains("without");
    assertThat(new Md5Drops(0, 1, 0).since(NONE)).contains("without a password");
  }
}
