package dev.peerage.bgp.speaker;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the speaker logs at INFO and above while this is open; it goes nowhere else. */
final class LoggedLines implements AutoCloseable {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Logger speaker = Logger.getLogger("dev.peerage.bgp");
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  LoggedLines() {
    speaker.setLevel(Level.INFO);
    speaker.setUseParentHandlers(false);
    speaker.addHandler(handler);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  List<String> with(String part) {
    return lines.stream().filter(line -> line.contains(part)).toList();
  }

  @Override
  public void close() {
    speaker.removeHandler(handler);
    speaker.setUseParentHandlers(true);
    speaker.setLevel(null);
  }
}
