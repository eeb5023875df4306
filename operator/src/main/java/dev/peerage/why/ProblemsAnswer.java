package dev.peerage.why;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one agent cannot do as it is written.
 *
 * @param node the agent's node
 * @param standing why what is announced is not what the API's objects say; empty when it is
 * @param peers the peers of the node's configuration, those that are left out among them
 * @param wanted how many routes are to be announced, over all peers
 * @param sent how many are on the wire
 * @param problems at most {@link #MOST}
 * @param leftOff how many more there are
 */
public record ProblemsAnswer(
    String node,
    String standing,
    List<WhyAnswer.Peer> peers,
    long wanted,
    long sent,
    List<Problem> problems,
    int leftOff) {
  /** A line each is as much as anybody reads. */
  public static final int MOST = 500;

  public ProblemsAnswer {
    peers = List.copyOf(peers);
    problems = List.copyOf(problems);
  }

  /**
   * A problem.
   *
   * @param object for example {@code CiliumBGPClusterConfig cilium-bgp}
   * @param field where in it
   * @param what what is wrong and what follows from it
   * @param remedy what to do about it
   * @param severity {@code error}, {@code warning} or {@code note}
   * @param instance the instance that it concerns; absent when it concerns no single one
   * @param peer the peer that it concerns; absent when it concerns no single one
   */
  public record Problem(
      String object,
      String field,
      String what,
      String remedy,
      String severity,
      @Nullable String instance,
      @Nullable String peer) {}
}
