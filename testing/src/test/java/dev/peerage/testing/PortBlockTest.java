package dev.peerage.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortBlockTest {
  private final PortBlock block = PortBlock.claim();

  @Test
  void eachPortCanBeListenedOn() throws IOException {
    for (int i = 0; i < 15; i++) {
      try (ServerSocket socket = new ServerSocket(block.port(i))) {
        assertThat(socket.getLocalPort()).isEqualTo(block.port(i));
      }
    }
    assertThatThrownBy(() -> block.port(15)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> block.port(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nobodyElseGetsTheSame() {
    assertThat(PortBlock.claim().number()).isNotEqualTo(block.number());
  }

  @Test
  void theKernelGivesNoneOfThemToWhoeverAsksForAny() throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      assertThat(block.port(14)).isLessThan(any.getLocalPort());
    }
  }
}
