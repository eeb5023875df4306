package dev.peerage.cli;

import dev.peerage.cluster.ClusterController;
import dev.peerage.http.HealthServer;
import dev.peerage.lbipam.IpamController;
import dev.peerage.lbipam.Responsibility;
import dev.peerage.watch.Leadership;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peerage operator}: plans for the whole cluster. */
@Command(
    name = "operator",
    description = {
      "Turns CiliumBGPClusterConfigs into one CiliumBGPNodeConfig per node, and gives addresses of"
          + " CiliumLoadBalancerIPPools to Services of type LoadBalancer.",
      "Several may run; the one that holds the lease peerage-operator writes. Losing the lease ends"
          + " the process with exit code 1."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class OperatorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--leader-election-namespace",
      required = true,
      defaultValue = "${env:POD_NAMESPACE}",
      paramLabel = "NAMESPACE",
      description = "Where the lease lives (environment: POD_NAMESPACE).")
  private String namespace = "";

  @Option(
      names = "--status-report",
      arity = "1",
      defaultValue = "${env:PEERAGE_STATUS_REPORT:-true}",
      paramLabel = "true|false",
      description =
          "Whether CiliumBGPClusterConfigs get conditions; with 'false' they are removed"
              + " (environment: PEERAGE_STATUS_REPORT; default: true).")
  private boolean statusReport;

  @Option(
      names = "--default-lb-service-ipam",
      defaultValue = "${env:PEERAGE_DEFAULT_LB_SERVICE_IPAM:-lbipam}",
      paramLabel = "lbipam|nodeipam|none",
      description =
          "Who gives addresses to LoadBalancer Services without loadBalancerClass: lbipam = the"
              + " pools; nodeipam, none = not Peerage (environment: PEERAGE_DEFAULT_LB_SERVICE_IPAM;"
              + " default: lbipam).")
  private Responsibility.DefaultIpam defaultIpam = Responsibility.DefaultIpam.LBIPAM;

  @Option(
      names = "--http-address",
      defaultValue = "0.0.0.0:9879",
      converter = SocketAddressConverter.class,
      paramLabel = "HOST:PORT",
      description = "Where /healthz, /readyz and /metrics are served (default: ${DEFAULT-VALUE}).")
  private InetSocketAddress httpAddress = new InetSocketAddress(0);

  @Override
  public Integer call() throws InterruptedException {
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    var ended = new CompletableFuture<Integer>();
    try (var client = new KubernetesClientBuilder().build();
        var cluster = new ClusterController(client, InstantSource.system(), statusReport, metrics);
        var ipam =
            new IpamController(
                client, InstantSource.system(), Responsibility.of(defaultIpam), metrics);
        var _ =
            HealthServer.start(
                httpAddress, () -> dead(cluster, ipam), () -> missing(cluster, ipam), metrics)) {
      cluster.watch();
      ipam.watch();
      var leadership =
          Leadership.seek(
              client,
              namespace,
              () -> {
                cluster.lead();
                ipam.lead();
              },
              () -> ended.complete(1));
      stopOnSignal(cluster, ipam, leadership);
      return ended.join();
    } catch (IOException e) {
      spec.commandLine().getErr().println("peerage operator: " + e.getMessage());
      return 1;
    }
  }

  /** Writes end before the lease is given up, so that two never write at a time. */
  private static void stopOnSignal(
      ClusterController cluster, IpamController ipam, Leadership leadership) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  ipam.close();
                  cluster.close();
                  leadership.close();
                  LoggerFactory.getLogger(OperatorCommand.class).info("Stopped");
                }));
  }

  private static Map<String, String> dead(ClusterController cluster, IpamController ipam) {
    var dead = new TreeMap<String, String>();
    if (!cluster.alive()) {
      dead.put("cluster", "its loop has ended");
    }
    if (!ipam.alive()) {
      dead.put("lbipam", "its loop has ended");
    }
    return dead;
  }

  private static Map<String, String> missing(ClusterController cluster, IpamController ipam) {
    var missing = new TreeMap<String, String>();
    Stream.concat(cluster.missing().stream(), ipam.missing().stream())
        .forEach(kind -> missing.put(kind, "not listed yet"));
    return missing;
  }
}
