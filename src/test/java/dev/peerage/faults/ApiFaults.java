package dev.peerage.faults;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.List;

/** A proxy before the API server that spoils answers ({@code cluster/api-faults}). */
final class ApiFaults implements AutoCloseable {
  private static final int PORT = 16443;
  private static final List<String> PARTS =
      List.of("daemonset/peerage-agent", "deployment/peerage-operator");

  private final FaultGround ground;
  private final Process process;
  private final BufferedWriter modes;
  private final BufferedReader answers;

  private ApiFaults(FaultGround ground, Process process) {
    this.ground = ground;
    this.process = process;
    modes = process.outputWriter();
    answers = process.inputReader();
  }

  static ApiFaults start(FaultGround ground) throws IOException {
    Process process =
        ground.lab.start(
            "on", "k8s-ctr", ground.lab.file("cluster/api-faults").toString(), "" + PORT);
    var proxy = new ApiFaults(ground, process);
    proxy.mode("pass"); // it answers once it listens
    return proxy;
  }

  /** Changes what becomes of requests from now on; how many were spoilt up to now. */
  int mode(String mode) throws IOException {
    modes.write(mode + "\n");
    modes.flush();
    String spoilt = answers.readLine();
    if (spoilt == null) {
      throw new IllegalStateException("the proxy before the API server has ended");
    }
    return Integer.parseInt(spoilt);
  }

  /** Makes Peerage use the proxy, or the API server again: all its pods restart one by one. */
  void use(boolean proxy) {
    for (String part : PARTS) {
      if (proxy) {
        ground.peerage(
            "set",
            "env",
            part,
            "KUBERNETES_SERVICE_HOST=192.168.10.100",
            "KUBERNETES_SERVICE_PORT=" + PORT);
      } else {
        ground.peerage("set", "env", part, "KUBERNETES_SERVICE_HOST-", "KUBERNETES_SERVICE_PORT-");
      }
    }
    for (String part : PARTS) {
      ground.peerage("rollout", "status", part, "--timeout=300s");
    }
  }

  @Override
  public void close() {
    use(false);
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
