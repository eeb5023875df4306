package dev.peerage.agent;

/** The DaemonSet that starts the agents. */
public record DaemonSetName(String namespace, String name) {
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
