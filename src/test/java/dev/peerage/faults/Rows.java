package dev.peerage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.acceptance.KernelRoutes;
import dev.peerage.acceptance.RouterTable;
import dev.peerage.faults.Row.Toll;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Rows that share a subject; all of them share the cluster. */
abstract class Rows {
  static final FaultGround ground = new FaultGround();
  static final Processes processes = new Processes(ground.lab);

  private static final StringBuilder table = new StringBuilder(Row.HEAD);

  /** What happens, from the whole table until all should be whole again. */
  @FunctionalInterface
  interface Fault {
    void happen(Course course) throws Exception;
  }

  /** All rows up to now as a Markdown table. */
  static String table() {
    return table.toString();
  }

  /** A fault that may cost nothing. */
  static Row row(String name, Fault fault) {
    return row(name, Toll.NONE, fault);
  }

  /** A fault that takes no more than its toll. */
  static Row row(String name, Toll toll, Fault fault) {
    return row(name, toll, ground.targets(), FaultGround.WHOLE, fault);
  }

  /**
   * Runs a row: the router's table is whole and all targets answer, the fault happens, all is whole
   * again; what was missing in between must be the toll at most.
   */
  static Row row(
      String name,
      Toll toll,
      Map<String, String> targets,
      Map<String, Set<String>> whole,
      Fault fault) {
    ground.mend(); // whatever a row before this one could not
    ground.replaceRestarted();
    ground.awaitWhole(whole);
    try (KernelRoutes routes = KernelRoutes.watch(ground.lab);
        Probes probes = Probes.start(ground.lab, targets)) {
      probes.awaitAnswers(20);
      probes.begin();
      int heardBefore = routes.heard().size();
      var course = new Course(probes);
      List<String> broken = new ArrayList<>();
      List<Throwable> why = new ArrayList<>();
      try {
        fault.happen(course);
        ground.awaitWhole(whole);
        probes.awaitAnswers(20);
      } catch (Exception | AssertionError e) {
        broken.add(summary(e));
        why.add(e);
      }
      List<String> heard = routes.heard();
      Row row =
          new Row(
              name,
              whole,
              changes(heard.subList(heardBefore, heard.size())),
              probes.end(),
              ground.stale(whole),
              broken,
              course.remarks());
      if (!why.isEmpty()) {
        table.append(row.markdown(toll));
        throw new AssertionError(row.markdown(toll), why.getFirst());
      }
      told(row, toll);
      return row;
    }
  }

  /** Puts a row into the table; it must be clean. */
  static void told(Row row, Toll toll) {
    table.append(row.markdown(toll));
    System.out.print(row.markdown(toll));
    assertThat(row.faults(toll)).as(row.markdown(toll)).isEmpty();
  }

  private static String summary(Throwable e) {
    String text = String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " ");
    text = text.replaceFirst("Assertion condition defined as a .*? expression in \\S+ ", "");
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  private static List<RouteChange> changes(List<String> heard) {
    return heard.stream().flatMap(line -> RouteChange.parse(line).stream()).toList();
  }

  /**
   * A Service that is made after a fault gets an address, and its route from all nodes: operator,
   * API server and agents work.
   */
  static void aNewServiceIsAnnounced() {
    newService();
    try {
      ground.awaitRoute("172.16.1.9/32", Set.copyOf(RouterTable.ADDRESS.values()));
    } finally {
      ground.lab.kubectl("delete", "service", "late", "--ignore-not-found");
    }
    ground.awaitRoute("172.16.1.9/32", Set.of());
  }

  static void newService() {
    ground.lab.apply(
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: late
          labels: {faults: watched}
          annotations: {lbipam.cilium.io/ips: 172.16.1.9}
        spec:
          type: LoadBalancer
          selector: {app: webpod}
          ports: [{port: 80}]
        """);
  }

  /** Waits until something holds, without a limit that a machine could be too slow for. */
  static void until(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(RouterTable.LIMIT).until(condition);
  }
}
