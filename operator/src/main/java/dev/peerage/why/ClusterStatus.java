package dev.peerage.why;

import java.util.List;

/**
 * How a cluster is, on one screen.
 *
 * @param nodes all nodes of the cluster
 * @param selected those with a CiliumBGPNodeConfig
 * @param agents those whose agents answer
 * @param sessionsUp established sessions
 * @param sessions those that the configuration asks for
 * @param sent routes on the wire, over all sessions
 * @param wanted routes that are to be, over all peers
 * @param services Services of type LoadBalancer
 * @param addressed those of them that have an address
 * @param pools all
 * @param problems each once, the gravest first
 * @param notes what else there is to know
 */
public record ClusterStatus(
    int nodes,
    int selected,
    int agents,
    long sessionsUp,
    long sessions,
    long sent,
    long wanted,
    long services,
    long addressed,
    List<Pool> pools,
    List<Trouble> problems,
    List<String> notes) {
  public ClusterStatus {
    pools = List.copyOf(pools);
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** Whether something is wrong. */
  public boolean isBroken() {
    return !problems.isEmpty();
  }

  /**
   * A pool; its counts are as its conditions tell them, {@code ?} where there are none yet.
   *
   * @param state {@code ok}, {@code disabled} or {@code in conflict}
   */
  public record Pool(String name, String used, String total, String state) {}

  /**
   * Something that is wrong.
   *
   * @param what in words
   * @param where the nodes, or Services
   * @param next the command to type next; empty when there is none
   */
  public record Trouble(String what, List<String> where, String next) {
    public Trouble {
      where = List.copyOf(where);
    }
  }
}
