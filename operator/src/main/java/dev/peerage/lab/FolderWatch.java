package dev.peerage.lab;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Tells when a file of some folders was written, renamed or removed. */
final class FolderWatch implements AutoCloseable {
  // Editors write a file in several steps (empty it, fill it; or write another and rename it).
  // One change is what happens until the folder has been quiet for this long.
  private static final int QUIET_MILLIS = 20;

  private final WatchService service;
  private final LongConsumer changed;
  private final Thread thread;

  private FolderWatch(WatchService service, LongConsumer changed) {
    this.service = service;
    this.changed = changed;
    this.thread = Thread.ofPlatform().name("folder-watch").daemon().unstarted(this::run);
  }

  /**
   * Watches folders, not their subfolders.
   *
   * @param changed gets {@link System#nanoTime()} of the first sign of a change; called on the
   *     watching thread
   */
  static FolderWatch start(List<Path> folders, LongConsumer changed) throws IOException {
    WatchService service = FileSystems.getDefault().newWatchService();
    for (Path folder : folders) {
      folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    }
    var watch = new FolderWatch(service, changed);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        long noticed = System.nanoTime();
        while (key != null) {
          key.pollEvents();
          key.reset();
          key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
        }
        changed.accept(noticed);
      }
    } catch (InterruptedException | ClosedWatchServiceException _) {
      // Closed: nothing to watch for any more.
    }
  }

  /** Waits until nothing more is told, after {@link #close}. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
