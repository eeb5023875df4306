package dev.peerage.lab;

import dev.peerage.bgp.wire.Prefix;
import dev.peerage.lab.ClusterFolders.AllRead;
import dev.peerage.lint.ManifestFolder.Reading;
import dev.peerage.yaml.FileProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the lab: brings a folder of manifests into force, shows what comes of it, and follows
 * the folder until it is stopped. All work is done by the thread that calls {@link #run}; the
 * folder's watch and the speakers only signal.
 */
public final class LabRun {
  private static final Logger log = LoggerFactory.getLogger(LabRun.class);

  /**
   * How a lab runs.
   *
   * @param folders the manifests: one folder per cluster, all on the same routers
   * @param router what plays the routers
   * @param networks what the routers originate
   * @param timeout how long a change may take to come into force
   * @param once whether to end as soon as the manifests are in force
   */
  public record Settings(
      List<Path> folders,
      RouterChoice router,
      Set<Prefix> networks,
      Duration timeout,
      boolean once) {
    public Settings {
      folders = List.copyOf(folders);
      networks = Set.copyOf(networks);
    }
  }

  /** What plays the routers. */
  public enum RouterChoice {
    /** The speaker that also runs on the nodes. */
    BUILTIN,
    /** FRR, where it is installed. */
    FRR
  }

  private sealed interface Signal {
    record Folder(long noticedNanos) implements Signal {}

    record Wire() implements Signal {}

    record Show() implements Signal {}

    record Stop() implements Signal {}
  }

  private final Settings settings;
  private final PrintWriter out;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final AtomicBoolean wireSignalled = new AtomicBoolean();
  private final ClusterFolders folders;
  private final Lab lab;
  private Clusters planned = Clusters.NONE;
  private Expectation expectation = Expectation.of(LabPlan.NOTHING);
  // What was printed last.
  private @Nullable Observed shown;
  // When a change was noticed that is not in force yet, as System.nanoTime().
  private @Nullable Long pending;
  private boolean bad;

  /**
   * Prepares a run.
   *
   * @throws LabException when the router cannot be used here
   */
  public LabRun(Settings settings, PrintWriter out) throws LabException {
    this.settings = settings;
    this.out = out;
    this.folders = ClusterFolders.of(settings.folders());
    var addresses = new LabAddresses();
    LabRouter router =
        switch (settings.router()) {
          case BUILTIN -> new BuiltinRouter(addresses, this::wireChanged);
          case FRR -> FrrRouter.start(addresses, this::wireChanged);
        };
    this.lab = new Lab(addresses, router, this::wireChanged);
  }

  private void wireChanged() {
    if (wireSignalled.compareAndSet(false, true)) {
      signals.add(new Signal.Wire());
    }
  }

  /** Prints all tables again; any thread. */
  public void show() {
    signals.add(new Signal.Show());
  }

  /** Makes {@link #run} end; any thread. */
  public void stop() {
    signals.add(new Signal.Stop());
  }

  /**
   * Runs until stopped, or until the manifests are in force when they are to be checked once.
   *
   * @return 0; 1 when checked once and the manifests are bad or did not come into force in time
   */
  public int run() throws LabException, IOException, InterruptedException {
    // The watch starts first, so that no change between reading and watching is lost.
    try (FolderWatch _ =
        FolderWatch.start(settings.folders(), nanos -> signals.add(new Signal.Folder(nanos)))) {
      if (!replan(System.nanoTime()) && settings.once()) {
        return 1;
      }
      return follow();
    } finally {
      lab.close();
      out.flush();
    }
  }

  private int follow() throws LabException, InterruptedException {
    while (true) {
      Signal signal = next();
      switch (signal) {
        case null -> {
          boolean inForce = late();
          if (settings.once()) {
            return inForce ? 0 : 1;
          }
        }
        case Signal.Folder(long noticed) -> {
          if (!settings.once()) {
            replan(noticed);
          }
        }
        case Signal.Wire() -> {
          wireSignalled.set(false);
          if (observe() && settings.once()) {
            return 0;
          }
        }
        case Signal.Show() -> out.println(lab.tables(lab.observe()));
        case Signal.Stop() -> {
          out.println("stopping: every session ends with a Cease");
          return settings.once() ? 1 : 0;
        }
      }
      out.flush();
    }
  }

  // Null when the pending change took too long.
  private @Nullable Signal next() throws InterruptedException {
    Long noticed = pending;
    if (noticed == null) {
      return signals.take();
    }
    long left = settings.timeout().toNanos() - (System.nanoTime() - noticed);
    return signals.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
  }

  /** Reads the folders and brings them into force; false when a manifest is bad. */
  private boolean replan(long noticed) throws LabException, InterruptedException {
    return switch (folders.read()) {
      case AllRead.Good(var manifests) -> plan(manifests, noticed);
      case AllRead.Bad(List<FileProblem> problems) -> {
        problems.forEach(out::println);
        refused("mend the manifests and save");
        bad = true;
        yield false;
      }
    };
  }

  private boolean plan(SortedMap<String, Reading.Good> manifests, long noticed)
      throws LabException, InterruptedException {
    if (bad) {
      out.println("the manifests are in order again");
      bad = false;
    }
    Clusters before = planned;
    Clusters after;
    try {
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      after = before.planned(manifests, settings.networks(), now);
    } catch (RuntimeException e) {
      log.error("planning {} failed", settings.folders(), e);
      out.printf(
          "a planner failed (%s): a fault in Peerage, not in the manifests; the lab keeps running"
              + " as before%n",
          e);
      return false;
    }
    List<String> changes = after.changesSince(before);
    boolean first = before.equals(Clusters.NONE);
    if (!first && changes.isEmpty()) {
      return true;
    }
    manifests.values().forEach(it -> it.notes().forEach(out::println));
    LabPlan plan = after.joined();
    plan.warnings().stream()
        .filter(warning -> !lab.plan().warnings().contains(warning))
        .forEach(warning -> out.println("warning: " + warning));
    if (!first) {
      out.println();
      changes.forEach(out::println);
    }
    planned = after;
    expectation = Expectation.of(plan);
    pending = noticed;
    lab.apply(plan);
    // Also when nothing changes on the wire, the change is looked at.
    wireChanged();
    return true;
  }

  private void refused(String remedy) {
    if (!settings.once()) {
      out.println(
          planned.equals(Clusters.NONE)
              ? "nothing runs yet; " + remedy
              : "the lab keeps running as before; " + remedy);
    }
  }

  /** Looks at the wire; true when a pending change has come into force. */
  private boolean observe() throws LabException, InterruptedException {
    Observed observed = lab.observe();
    Long noticed = pending;
    if (noticed == null) {
      show(observed);
      return false;
    }
    if (!expectation.differences(observed).isEmpty()) {
      return false;
    }
    pending = null;
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - noticed);
    boolean first = shown == null;
    show(observed);
    out.printf(
        "in force after %d ms: %d sessions Established, %d paths at the router, exactly what the"
            + " manifests imply%n",
        millis, expectation.sessions().size(), expectation.paths().size());
    if (first && !settings.once()) {
      out.println(
          "watching "
              + settings.folders().stream().map(String::valueOf).collect(Collectors.joining(", "))
              + ": edit a file and see; Enter shows all tables, Ctrl-C ends");
    }
    return true;
  }

  /** The pending change took too long; true when it has come into force just now. */
  private boolean late() throws LabException, InterruptedException {
    if (observe()) {
      return true;
    }
    pending = null;
    Observed observed = lab.observe();
    show(observed);
    out.println("not in force after " + settings.timeout().toSeconds() + " s:");
    expectation.differences(observed).forEach(line -> out.println("  " + line));
    return false;
  }

  // The first time all tables, then what is new.
  private void show(Observed observed) throws LabException, InterruptedException {
    Observed before = shown;
    if (before == null) {
      out.println(lab.tables(observed));
    } else {
      WireChanges.between(before, observed).forEach(out::println);
    }
    shown = observed;
  }
}
