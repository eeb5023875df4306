package dev.peerage.cluster;

import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPNodeConfigOverride;
import java.util.Map;
import java.util.Optional;

/**
 * What a decision about the NodeConfig of one node depends on, beside the ClusterConfigs.
 *
 * @param name the node's
 * @param labels empty when there is no Node
 * @param override the node's NodeConfigOverride
 * @param existing the NodeConfig as it is
 */
record NodeFacts(
    String name,
    Optional<Map<String, String>> labels,
    Optional<CiliumBGPNodeConfigOverride> override,
    Optional<CiliumBGPNodeConfig> existing) {}
