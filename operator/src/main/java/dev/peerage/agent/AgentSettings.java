package dev.peerage.agent;

import dev.peerage.peering.NodeSettings;
import java.util.Optional;

/**
 * What an agent is started with.
 *
 * @param nodeName the Node that the process runs on
 * @param planning the options that decide what is announced
 * @param secretsNamespace where the Secrets with passwords are; empty = nowhere
 * @param ciliumNamespace where Cilium's own settings are; empty = they are not looked at
 * @param reportStatus whether the status is kept up to date, or emptied once
 * @param snapshot where it keeps what it knows for its next start; empty = nowhere
 * @param daemonSet the DaemonSet that starts the agents; empty = every end counts as a restart
 */
public record AgentSettings(
    String nodeName,
    NodeSettings planning,
    String secretsNamespace,
    String ciliumNamespace,
    boolean reportStatus,
    Optional<SnapshotSettings> snapshot,
    Optional<DaemonSetName> daemonSet) {}
