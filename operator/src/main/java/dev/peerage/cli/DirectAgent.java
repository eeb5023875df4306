package dev.peerage.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One agent, read without Kubernetes. */
record DirectAgent(String address, String node, Duration limit) implements Agents {
  @Override
  public <T> List<Answer<T>> ask(String path, Class<T> type) throws InterruptedException {
    try {
      return List.of(new Answer.Given<>(node, Http.get(address, path, type, limit)));
    } catch (IOException e) {
      return List.of(
          new Answer.Missing<>(
              node, "looking glass at " + address + " does not answer: " + e.getMessage()));
    }
  }
}
