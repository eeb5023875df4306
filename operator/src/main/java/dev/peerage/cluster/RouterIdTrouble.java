package dev.peerage.cluster;

import java.util.List;

/** Why an instance has not got the router ID that it should have. */
sealed interface RouterIdTrouble {
  /**
   * The pool is used up; the instances have none.
   *
   * @param instances of one node
   */
  record Exhausted(List<RouterIds.Holder> instances) implements RouterIdTrouble {}

  /**
   * The override asks for one of the pool that another instance has; the node's NodeConfig stays as
   * it was.
   *
   * @param instance on which node
   * @param routerId as the override says
   * @param holder who has it
   */
  record Taken(RouterIds.Holder instance, String routerId, RouterIds.Holder holder)
      implements RouterIdTrouble {}
}
