package dev.peerage.bgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworkTest {
  @Test
  void withoutEpollItSaysWhatItCannotDo() {
    Network portable = Network.start(false);
    try {
      assertThat(portable.lacks(Protection.NONE)).isEmpty();
      assertThat(portable.lacks(new Protection(64, 0, new Signing.None()))).isEmpty();
      assertThat(portable.lacks(new Protection(255, 255, new Signing.None())))
          .isEqualTo("TTL security needs epoll, which is not available here");
      assertThat(portable.lacks(new Protection(1, 0, new Signing.Md5("key"))))
          .isEqualTo("TCP MD5 needs epoll, which is not available here");
    } finally {
      portable.close().join();
    }
  }

  @Test
  void withEpollItCanDoAll() {
    Network network = Network.start();
    try {
      assertThat(network.lacks(new Protection(255, 255, new Signing.Md5("key")))).isEmpty();
    } finally {
      network.close().join();
    }
  }

  @Test
  void theKeyIsNeverWritten() {
    assertThat(new Protection(255, 254, new Signing.Md5("secret")).toString())
        .contains("255", "254")
        .doesNotContain("secret");
  }
}
