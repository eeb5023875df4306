package dev.peerage.cli;

import org.slf4j.LoggerFactory;

/** What a command does when its process is told to end. */
final class Stopping {
  private Stopping() {}

  static void closes(AutoCloseable closed) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  try {
                    closed.close();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  } catch (Exception e) {
                    LoggerFactory.getLogger(Stopping.class).warn("while stopping", e);
                  }
                }));
  }
}
