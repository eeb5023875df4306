package dev.peerage.faults;

import dev.peerage.acceptance.TestGround;
import java.io.IOException;
import java.io.UncheckedIOException;

/** {@code cluster/hold-port} on a node: another program has a port of the loopback address. */
final class PortHolder implements AutoCloseable {
  private final Process process;

  private PortHolder(Process process) {
    this.process = process;
  }

  static PortHolder waitsFor(TestGround lab, String node, int port) {
    String program = lab.file("cluster/hold-port").toString();
    return new PortHolder(lab.start("on", node, program, Integer.toString(port)));
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      int _ = process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
