package dev.peerage.standalone;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Tells when the content of a file may have changed: written, replaced by a rename, or reached
 * through symbolic links of which one now points elsewhere. What happens in the file's folder is
 * seen at once; the rest, for example in the folder of a link's target, within a second.
 */
final class FileWatch implements AutoCloseable {
  private static final int LOOK_MILLIS = 1000;
  // Editors write a file in several steps: it counts as written when it stays the same for so long.
  private static final int QUIET_MILLIS = 20;

  private final Path file;
  private final WatchService service;
  private final Runnable changed;
  private final Thread thread;
  private volatile boolean asked;
  private Stamp read;

  /** What tells contents apart without reading them; the same for all files that are not there. */
  private record Stamp(boolean exists, long modifiedNanos, long size, String key) {
    static Stamp of(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(
            true,
            found.lastModifiedTime().to(TimeUnit.NANOSECONDS),
            found.size(),
            Objects.toString(found.fileKey()));
      } catch (IOException _) {
        return new Stamp(false, 0, 0, "");
      }
    }
  }

  private FileWatch(Path file, WatchService service, Runnable changed) {
    this.file = file;
    this.service = service;
    this.changed = changed;
    this.read = Stamp.of(file);
    this.thread = Thread.ofPlatform().name("file-watch").daemon().unstarted(this::run);
  }

  /**
   * Notes how the file is now, and watches it from then on. To be called before the file is read:
   * then no change is missed.
   *
   * @param changed called on the watching thread
   */
  static FileWatch of(Path file, Runnable changed) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    WatchService service = file.getFileSystem().newWatchService();
    if (folder != null && Files.isDirectory(folder)) {
      folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    }
    return new FileWatch(file, service, changed);
  }

  void start() {
    thread.start();
  }

  /** Takes the file for changed, at the next look. Any thread. */
  void look() {
    asked = true;
  }

  private void run() {
    try {
      while (true) {
        next(LOOK_MILLIS);
        Stamp now = Stamp.of(file);
        if (asked || !now.equals(read)) {
          asked = false;
          read = quiet(now);
          changed.run();
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException _) {
      // Closed: nothing to watch for any more.
    }
  }

  private Stamp quiet(Stamp first) throws InterruptedException {
    Stamp before = first;
    while (true) {
      TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
      Stamp now = Stamp.of(file);
      if (now.equals(before)) {
        return now;
      }
      before = now;
    }
  }

  private void next(int millis) throws InterruptedException {
    WatchKey key = service.poll(millis, TimeUnit.MILLISECONDS);
    while (key != null) {
      key.pollEvents();
      key.reset();
      key = service.poll();
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
