package dev.peerage.acceptance;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Every change of the router's forwarding table while it is open, as the kernel tells it: nothing
 * falls between two looks, and looking costs the machine nothing.
 */
public final class KernelRoutes implements AutoCloseable {
  // TEST-NET-2 (RFC 5737): a route of the test's own shows that the kernel's word arrives.
  private static final String PROBE = "198.51.100.0/24";

  private final TestGround lab;
  private final Process monitor;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private KernelRoutes(TestGround lab, Process monitor) {
    this.lab = lab;
    this.monitor = monitor;
    Thread.ofVirtual().start(this::read);
  }

  /** Starts to listen; returns when changes are heard. */
  public static KernelRoutes watch(TestGround lab) {
    Process monitor = lab.start("on", "router", "ip", "-ts", "-oneline", "monitor", "route");
    KernelRoutes routes = new KernelRoutes(lab, monitor);
    await().atMost(Duration.ofSeconds(30)).until(routes::hears);
    return routes;
  }

  private boolean hears() {
    int before = lines.size();
    lab.on("router", "ip", "route", "add", "blackhole", PROBE);
    lab.on("router", "ip", "route", "del", "blackhole", PROBE);
    return lines.stream().skip(before).anyMatch(line -> line.contains(PROBE));
  }

  private void read() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(monitor.getInputStream(), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("the monitor ended: " + e);
    }
  }

  /**
   * All that was heard up to now, a line each: the time in brackets, then the route as {@code ip}
   * writes it.
   */
  public List<String> heard() {
    // The kernel tells in order: when the probe is heard, so is all that came before it.
    await().atMost(Duration.ofSeconds(30)).until(this::hears);
    return List.copyOf(lines);
  }

  /** What was heard of routes that begin with one of these prefixes, up to now. */
  List<String> changesOf(List<String> prefixes) {
    return heard().stream()
        .map(line -> line.replaceFirst("^\\[.*?\\] ?", ""))
        .filter(line ->
            prefixes.stream()
                .anyMatch(
                    prefix -> line.startsWith(prefix) || line.startsWith("Deleted " + prefix)))
        .toList();
  }

  @Override
  public void close() {
    monitor.descendants().forEach(ProcessHandle::destroy);
    monitor.destroy();
  }
}
