package dev.peerage.cli;

import dev.peerage.bgp.speaker.AddressMap;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.node.Agent;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peerage agent}: runs the BGP sessions of one node. */
@Command(
    name = "agent",
    description = "Runs the BGP sessions of one node. Runs on every node, on the host's network.",
    mixinStandardHelpOptions = true)
final class AgentCommand implements Callable<Integer> {
  @Option(
      names = "--node-name",
      required = true,
      defaultValue = "${env:NODE_NAME}",
      paramLabel = "NAME",
      description = "The Node that this process runs on (environment: NODE_NAME).")
  private String nodeName = "";

  @Option(
      names = "--status-report",
      arity = "1",
      defaultValue = "${env:PEERAGE_STATUS_REPORT:-true}",
      paramLabel = "true|false",
      description =
          "Whether the status of the node's CiliumBGPNodeConfig is kept up to date; with 'false' it"
              + " is emptied once (environment: PEERAGE_STATUS_REPORT; default: true).")
  private boolean statusReport;

  @Override
  public Integer call() throws InterruptedException {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      Speaker speaker =
          Speaker.start(
              new SpeakerSettings(AddressMap.DIRECT, InstantSource.system(), metrics, true));
      Agent agent = new Agent(client, nodeName, speaker, statusReport);
      CountDownLatch ended = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .name("shutdown")
                  .unstarted(() -> {
                    try {
                      agent.close();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      agent.start();
      ended.await();
    }
    return 0;
  }
}
