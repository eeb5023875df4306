package dev.peerage.testing;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails the tests when a Netty buffer was not released. A leak shows when the garbage collector
 * finds the buffer, so a class may be blamed for one that ran before it; the report says where the
 * buffer was used last. Found by JUnit in every test run.
 */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(NoLeaks.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    // Closed after the last test.
    context.getRoot().getStore(NAMESPACE).computeIfAbsent(Last.class, _ -> new Last(), Last.class);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    fail(LeakRecorder.take());
  }

  private record Last() implements AutoCloseable {
    @Override
    public void close() {
      fail(afterCollection());
    }
  }

  /** Collects garbage and has the detector look at it. */
  static List<String> afterCollection() {
    for (int i = 0; i < 10; i++) {
      System.gc();
      for (int j = 0; j < 100; j++) {
        PooledByteBufAllocator.DEFAULT.buffer(16).release();
      }
      List<String> leaks = LeakRecorder.take();
      if (!leaks.isEmpty()) {
        return leaks;
      }
    }
    return List.of();
  }

  private static void fail(List<String> leaks) {
    if (!leaks.isEmpty()) {
      throw new AssertionError(String.join("\n", leaks));
    }
  }
}
