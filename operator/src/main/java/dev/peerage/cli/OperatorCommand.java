package dev.peerage.cli;

import dev.peerage.cluster.RouterIdPool;
import dev.peerage.http.HealthServer;
import dev.peerage.http.MetricsServer;
import dev.peerage.kube.EventWriter;
import dev.peerage.kube.LeaseFence;
import dev.peerage.lbipam.Responsibility;
import dev.peerage.operator.PeerageOperator;
import dev.peerage.peering.NodeSettings.RouterIdMode;
import dev.peerage.reading.Reading;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code peerage operator}: plans for the whole cluster. */
@Command(
    name = "operator",
    description = {
      "Turns CiliumBGPClusterConfigs into one CiliumBGPNodeConfig per node, and gives addresses of"
          + " CiliumLoadBalancerIPPools to Services of type LoadBalancer.",
      "Several may run; the one that holds the lease peerage-operator writes, the others follow it."
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
          "Whether CiliumBGPClusterConfigs and CiliumBGPPeerConfigs get conditions; with 'false'"
              + " they are removed (environment: PEERAGE_STATUS_REPORT; default: true).")
  private boolean statusReport;

  @Option(
      names = "--secrets-namespace",
      defaultValue = "${env:PEERAGE_SECRETS_NAMESPACE:-}",
      paramLabel = "NAMESPACE",
      description =
          "Where the Secrets of authSecretRef are; without it CiliumBGPPeerConfigs get no condition"
              + " (environment: PEERAGE_SECRETS_NAMESPACE).")
  private String secretsNamespace = "";

  @Option(
      names = "--router-id-mode",
      defaultValue = "${env:PEERAGE_ROUTER_ID_MODE:-default}",
      converter = AgentCommand.RouterIdModeConverter.class,
      paramLabel = "default|ip-pool",
      description =
          "Where instances without routerID take it from: default = the agents derive it; ip-pool ="
              + " --router-id-pool (environment: PEERAGE_ROUTER_ID_MODE; default: default).")
  private RouterIdMode routerIdMode = RouterIdMode.DEFAULT;

  @Option(
      names = "--router-id-pool",
      defaultValue = "${env:PEERAGE_ROUTER_ID_POOL:-}",
      paramLabel = "CIDR",
      description =
          "IPv4 addresses that are given out as router IDs in mode ip-pool, the first and the last"
              + " included (environment: PEERAGE_ROUTER_ID_POOL).")
  private String routerIdPool = "";

  @Option(
      names = "--cilium-namespace",
      defaultValue = "${env:PEERAGE_CILIUM_NAMESPACE:-}",
      paramLabel = "NAMESPACE",
      description =
          "Where Cilium's ConfigMap cilium-config is: while it says that Cilium's own BGP control"
              + " plane is on, nothing is written; empty: it is not looked at (environment:"
              + " PEERAGE_CILIUM_NAMESPACE).")
  private String ciliumNamespace = "";

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
      names = "--foreign-addresses",
      defaultValue = "${env:PEERAGE_FOREIGN_ADDRESSES:-keep}",
      paramLabel = "keep|remove",
      description =
          "What becomes of addresses that somebody else has written into the status of a Service that"
              + " no pool selects, or that is not of our class any more: keep = they stay; remove ="
              + " they go, as with Cilium (environment: PEERAGE_FOREIGN_ADDRESSES; default: keep).")
  private Responsibility.ForeignAddresses foreignAddresses = Responsibility.ForeignAddresses.KEEP;

  @Option(
      names = "--http-address",
      defaultValue = "127.0.0.1:" + Ports.OPERATOR_HEALTH,
      converter = SocketAddressConverter.class,
      paramLabel = "HOST:PORT",
      description = "Where /healthz and /readyz are served (default: ${DEFAULT-VALUE}).")
  private InetSocketAddress httpAddress = new InetSocketAddress(0);

  @Mixin private HttpOptions http = new HttpOptions();

  @Override
  public Integer call() throws InterruptedException {
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    var clock = InstantSource.system();
    var settings =
        new PeerageOperator.Settings(
            namespace,
            statusReport,
            secretsNamespace,
            pool(),
            Responsibility.of(defaultIpam, foreignAddresses),
            ciliumNamespace);
    var ended = new CompletableFuture<Integer>();
    try (KubernetesClient client =
            LeaseFence.client(Config.autoConfigure(null), Reading.ofOperator());
        var operator =
            new PeerageOperator(
                client, clock, settings, events(client, clock), metrics, () -> ended.complete(1))) {
      Optional<MetricsServer> scraped = http.serve(metrics, client);
      HealthServer _ =
          HealthServer.start(
              httpAddress,
              operator::dead,
              () ->
                  HttpOptions.all(
                      operator.missing(), scraped.map(MetricsServer::problems).orElse(Map.of())));
      operator.start();
      Stopping.closes(() -> {
        operator.close();
        LoggerFactory.getLogger(OperatorCommand.class).info("Stopped");
      });
      return ended.join();
    }
  }

  private Optional<RouterIdPool> pool() {
    if (routerIdMode == RouterIdMode.DEFAULT) {
      return Optional.empty();
    }
    if (routerIdPool.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--router-id-mode ip-pool needs a pool: give an IPv4 CIDR such as 10.255.0.0/16 with"
              + " --router-id-pool (chart: bgpControlPlane.routerIDAllocation.ipPool)");
    }
    try {
      return Optional.of(RouterIdPool.parse(routerIdPool));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--router-id-pool (chart: bgpControlPlane.routerIDAllocation.ipPool): " + e.getMessage(),
          e);
    }
  }

  private static EventWriter events(KubernetesClient client, InstantSource clock) {
    String instance = Objects.requireNonNullElse(System.getenv("HOSTNAME"), "operator");
    return new EventWriter(client, "operator", instance, clock);
  }
}
