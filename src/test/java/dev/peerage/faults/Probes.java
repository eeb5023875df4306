package dev.peerage.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.peerage.acceptance.RouterTable;
import dev.peerage.acceptance.TestGround;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Requests from behind the router to some addresses, all the time while it is open. */
final class Probes implements AutoCloseable {
  // As long as any fault lasts: what is waited for happens twenty times a second.
  private static final Duration LIMIT = Duration.ofMinutes(60);

  private final Map<String, String> targets;
  private final Process process;
  private final Thread reader;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private volatile int begin;

  private Probes(Map<String, String> targets, Process process) {
    this.targets = targets;
    this.process = process;
    reader = Thread.ofVirtual().start(this::read);
  }

  /**
   * Starts to ask.
   *
   * @param targets names, and the addresses that are asked
   */
  static Probes start(TestGround lab, Map<String, String> targets) {
    return start(lab, targets, 50);
  }

  /**
   * Starts to ask.
   *
   * @param every a request to each target so often, in milliseconds
   */
  static Probes start(TestGround lab, Map<String, String> targets, int every) {
    List<String> verb =
        new ArrayList<>(
            List.of("on", "client", lab.file("cluster/probe").toString(), "--every", "" + every));
    targets.forEach((name, address) -> verb.add(name + "=" + address));
    return new Probes(targets, lab.start(verb.toArray(String[]::new)));
  }

  private void read() {
    try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets what was, so that the count begins here. */
  void begin() {
    begin = lines.size();
  }

  /** Waits until each target has been asked so many times more: a request every 50 ms at most. */
  void awaitRequests(int more) {
    int from = lines.size();
    await()
        .atMost(LIMIT)
        .until(() -> since(from).values().stream().allMatch(it -> it.asked() >= more));
  }

  /** Waits until each target's last requests, so many, have all been answered. */
  void awaitAnswers(int inARow) {
    await()
        .atMost(RouterTable.LIMIT)
        .until(() -> targets.keySet().stream().allMatch(target -> answers(target, inARow)));
  }

  private boolean answers(String target, int inARow) {
    List<String> last = lines.stream().filter(line -> line.startsWith(target + " ")).toList();
    return last.size() >= inARow
        && last.subList(last.size() - inARow, last.size()).stream()
            .allMatch(line -> line.endsWith(" ok"));
  }

  private Map<String, Requests> since(int from) {
    Map<String, Requests> all = new LinkedHashMap<>();
    targets.keySet().forEach(target -> all.put(target, Requests.NONE));
    all.putAll(Requests.of(lines.stream().skip(from).toList()));
    return all;
  }

  /** Asks no more, and waits for the answers to what was asked. */
  Map<String, Requests> end() {
    try {
      process.getOutputStream().close();
      process.waitFor();
      reader.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return since(begin);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
