package dev.peerage.why;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one agent cannot do as it is written.
 *
 * @param node the agent's node
 * @param problems at most {@link #MOST}
 * @param leftOff how many more there are
 */
public record ProblemsAnswer(String node, List<Problem> problems, int leftOff) {
  /** A line each is as much as anybody reads. */
  public static final int MOST = 500;

  public ProblemsAnswer {
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
