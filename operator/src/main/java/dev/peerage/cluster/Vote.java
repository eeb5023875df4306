package dev.peerage.cluster;

import java.util.Optional;

/**
 * What a node says of a ClusterConfig that selects it.
 *
 * @param node its name
 * @param candidate the ClusterConfig's name
 * @param rival the ClusterConfig that has the node instead
 * @param ownerless whether the node's NodeConfig has no owner and is left alone
 * @param routerIds what is wrong with router IDs of the node, for people
 */
record Vote(
    String node,
    String candidate,
    Optional<String> rival,
    boolean ownerless,
    Optional<RouterIdTrouble> routerIds) {

  /** The vote of a node that is selected and has nothing wrong. */
  Vote withoutFault() {
    return new Vote(node, candidate, Optional.empty(), false, Optional.empty());
  }
}
