package dev.peerage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The net that every other test relies on. */
class NoLeaksTest {
  @Test
  void findsABufferThatIsNotReleased() {
    leak();

    assertThat(NoLeaks.afterCollection()).anyMatch(leak -> leak.contains("NoLeaksTest.leak"));
  }

  private static void leak() {
    PooledByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
  }

  @Test
  void findsNothingWhereAllIsReleased() {
    PooledByteBufAllocator.DEFAULT.buffer(16).release();

    assertThat(NoLeaks.afterCollection()).isEmpty();
  }
}
