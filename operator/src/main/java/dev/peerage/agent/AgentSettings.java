package dev.peerage.agent;

import dev.peerage.peering.NodeSettings;

/**
 * What an agent is started with.
 *
 * @param nodeName the Node that the process runs on
 * @param planning the options that decide what is announced
 * @param secretsNamespace where the Secrets with passwords are; empty = nowhere
 * @param reportStatus whether the status is kept up to date, or emptied once
 */
public record AgentSettings(
    String nodeName, NodeSettings planning, String secretsNamespace, boolean reportStatus) {}
