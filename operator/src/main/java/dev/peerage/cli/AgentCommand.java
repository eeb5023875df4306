package dev.peerage.cli;

import dev.peerage.agent.Agent;
import dev.peerage.agent.AgentSettings;
import dev.peerage.agent.DaemonSetName;
import dev.peerage.agent.SnapshotSettings;
import dev.peerage.bgp.speaker.AddressMap;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.http.HealthServer;
import dev.peerage.http.MetricsServer;
import dev.peerage.http.SpeakerApi;
import dev.peerage.kube.WatchClient;
import dev.peerage.peering.ExternalIpRanges;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSettings.RouterIdMode;
import dev.peerage.reading.Reading;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code peerage agent}: runs the BGP sessions of one node. */
@Command(
    name = "agent",
    description = {
      "Runs the BGP sessions of one node. Runs on every node, on the host's network.",
      "On SIGTERM sessions with graceful restart close silently, so that the peers keep the"
          + " routes; the others get a Cease. Where --daemonset shows that no agent follows on the"
          + " node, all are closed for good.",
      "Ends with exit code 70 when its event loop or its planning stands still, so that it is"
          + " started anew."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class AgentCommand implements Callable<Integer> {
  /** The exit code of a process that stands still: EX_SOFTWARE of sysexits.h. */
  private static final int STANDS_STILL = 70;

  @Spec private CommandSpec spec = CommandSpec.create();

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

  @Option(
      names = "--secrets-namespace",
      defaultValue = "${env:PEERAGE_SECRETS_NAMESPACE:-}",
      paramLabel = "NAMESPACE",
      description =
          "Where the Secrets of authSecretRef are; empty: there are no passwords, and peers that"
              + " ask for one are not dialed (environment: PEERAGE_SECRETS_NAMESPACE).")
  private String secretsNamespace = "";

  @Option(
      names = "--router-id-mode",
      defaultValue = "${env:PEERAGE_ROUTER_ID_MODE:-default}",
      paramLabel = "default|ip-pool",
      converter = RouterIdModeConverter.class,
      description =
          "Where an instance without routerID takes it from: default = the node's IPv4 address,"
              + " else a hardware address; ip-pool = only the operator's pool (environment:"
              + " PEERAGE_ROUTER_ID_MODE; default: default).")
  private RouterIdMode routerIdMode = RouterIdMode.DEFAULT;

  @Option(
      names = "--legacy-origin",
      arity = "1",
      defaultValue = "${env:PEERAGE_LEGACY_ORIGIN:-false}",
      paramLabel = "true|false",
      description =
          "Whether LoadBalancer addresses have ORIGIN INCOMPLETE instead of IGP (environment:"
              + " PEERAGE_LEGACY_ORIGIN; default: false).")
  private boolean legacyOrigin;

  @Option(
      names = "--no-service-endpoints-routable",
      arity = "1",
      defaultValue = "${env:PEERAGE_NO_SERVICE_ENDPOINTS_ROUTABLE:-true}",
      paramLabel = "true|false",
      description =
          "Whether a Service without any endpoint is announced under traffic policy Cluster"
              + " (environment: PEERAGE_NO_SERVICE_ENDPOINTS_ROUTABLE; default: true).")
  private boolean noServiceEndpointsRoutable;

  @Mixin private ReceivedRoutesOptions receivedRoutes = new ReceivedRoutesOptions(25);

  @Option(
      names = "--snapshot-folder",
      defaultValue = "${env:PEERAGE_SNAPSHOT_FOLDER:-}",
      paramLabel = "FOLDER",
      description =
          "Where the agent keeps what the API server said last, without passwords, and whence it"
              + " announces that when it starts while the API server is away; empty: nowhere"
              + " (environment: PEERAGE_SNAPSHOT_FOLDER).")
  private String snapshotFolder = "";

  @Option(
      names = "--snapshot-max-age",
      defaultValue = "${env:PEERAGE_SNAPSHOT_MAX_AGE:-24h}",
      paramLabel = "TIME",
      converter = AgentCommand.AgeConverter.class,
      description =
          "How old that may be, such as 24h or 30m (environment: PEERAGE_SNAPSHOT_MAX_AGE; default:"
              + " 24h).")
  private Duration snapshotMaxAge = Duration.ofDays(1);

  @Option(
      names = "--daemonset",
      defaultValue = "${env:PEERAGE_DAEMONSET:-}",
      paramLabel = "NAMESPACE/NAME",
      description =
          "The DaemonSet that starts this agent, asked for when it ends; empty: every end counts as"
              + " a restart (environment: PEERAGE_DAEMONSET).")
  private String daemonSet = "";

  @Option(
      names = "--cilium-namespace",
      defaultValue = "${env:PEERAGE_CILIUM_NAMESPACE:-}",
      paramLabel = "NAMESPACE",
      description =
          "Where Cilium's ConfigMap cilium-config is: while it says that Cilium's own BGP control"
              + " plane is on, no session is held; empty: it is not looked at (environment:"
              + " PEERAGE_CILIUM_NAMESPACE).")
  private String ciliumNamespace = "";

  @Option(
      names = "--external-ip-cidrs",
      defaultValue = "${env:PEERAGE_EXTERNAL_IP_CIDRS:-}",
      paramLabel = "CIDR,...",
      converter = ExternalIpRangesConverter.class,
      description =
          "The only spec.externalIPs of Services that are announced; empty: all of them, as in"
              + " Cilium (environment: PEERAGE_EXTERNAL_IP_CIDRS).")
  private ExternalIpRanges externalIps = ExternalIpRanges.ALL;

  @Option(
      names = "--http-address",
      defaultValue = "127.0.0.1:" + Ports.AGENT_HEALTH,
      converter = SocketAddressConverter.class,
      paramLabel = "HOST:PORT",
      description = "Where /healthz and /readyz are served (default: ${DEFAULT-VALUE}).")
  private InetSocketAddress httpAddress = new InetSocketAddress(0);

  @Mixin private HttpOptions http = new HttpOptions();

  @Option(
      names = "--api-address",
      defaultValue = "127.0.0.1:" + Ports.LOOKING_GLASS,
      converter = SocketAddressConverter.class,
      paramLabel = "HOST:PORT",
      description =
          "The loopback address where the state and the routes are served to 'peerage peers',"
              + " 'peerage routes' and 'peerage route-policies' (default: ${DEFAULT-VALUE}).")
  private InetSocketAddress apiAddress = new InetSocketAddress(0);

  @Override
  public Integer call() {
    if (!apiAddress.getAddress().isLoopbackAddress()) {
      throw new ParameterException(
          spec.commandLine(),
          "--api-address "
              + apiAddress
              + " is no loopback address; what is served there has no access control");
    }
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    Speaker speaker =
        Speaker.start(
            new SpeakerSettings(AddressMap.DIRECT, InstantSource.system(), metrics, true)
                .withRoutes(receivedRoutes.limits()));
    try (KubernetesClient client = WatchClient.of(Config.autoConfigure(null), Reading.ofAgent())) {
      var agent =
          new Agent(
              client,
              new AgentSettings(
                  nodeName,
                  new NodeSettings(
                      noServiceEndpointsRoutable, legacyOrigin, routerIdMode, externalIps),
                  secretsNamespace,
                  ciliumNamespace,
                  statusReport,
                  snapshot(),
                  daemonSet()),
              speaker,
              metrics);
      Optional<MetricsServer> scraped = http.serve(metrics, client);
      SpeakerApi glass =
          SpeakerApi.start(
              apiAddress, speaker, agent::desired, Optional.of(new AgentExplaining(agent)));
      HealthServer _ =
          HealthServer.start(
              httpAddress,
              agent::failures,
              () ->
                  HttpOptions.all(
                      agent.missing(),
                      HttpOptions.all(
                          glass.problems(),
                          scraped.map(MetricsServer::problems).orElse(Map.of()))));
      Stopping.closes(agent::close);
      agent.start();
      endNow(agent.failure().toCompletableFuture().join());
    }
    return STANDS_STILL;
  }

  /**
   * Without the orderly end, which would wait for what stands still. The kernel closes the
   * connections, so that peers with graceful restart keep the routes until the next process is up.
   */
  private void endNow(Map<String, String> failures) {
    failures.forEach((name, failure) ->
        LoggerFactory.getLogger(AgentCommand.class)
            .error(
                "The agent of node {} ends with exit code {}, because only a new process helps:"
                    + " {}: {}",
                nodeName,
                STANDS_STILL,
                name,
                failure));
    Runtime.getRuntime().halt(STANDS_STILL);
  }

  private Optional<SnapshotSettings> snapshot() {
    return snapshotFolder.isEmpty()
        ? Optional.empty()
        : Optional.of(new SnapshotSettings(Path.of(snapshotFolder), snapshotMaxAge));
  }

  private Optional<DaemonSetName> daemonSet() {
    if (daemonSet.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = daemonSet.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--daemonset '" + daemonSet + "' is not NAMESPACE/NAME");
    }
    return Optional.of(new DaemonSetName(parts[0], parts[1]));
  }

  /** A number of seconds, minutes or hours, as Kubernetes writes them. */
  static final class AgeConverter implements ITypeConverter<Duration> {
    private static final Pattern AGE = Pattern.compile("([1-9]\\d{0,6})([smh])");

    @Override
    public Duration convert(String value) {
      Matcher age = AGE.matcher(value);
      if (!age.matches()) {
        throw new TypeConversionException("'" + value + "' is no time such as 24h, 30m or 90s");
      }
      return Duration.of(
          Long.parseLong(age.group(1)),
          switch (age.group(2)) {
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case String _ -> ChronoUnit.HOURS;
          });
    }
  }

  /** CIDRs with commas between them. */
  static final class ExternalIpRangesConverter implements ITypeConverter<ExternalIpRanges> {
    @Override
    public ExternalIpRanges convert(String value) {
      try {
        return ExternalIpRanges.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** The names of Cilium's option. */
  static final class RouterIdModeConverter implements ITypeConverter<RouterIdMode> {
    @Override
    public RouterIdMode convert(String value) {
      return switch (value) {
        case "default" -> RouterIdMode.DEFAULT;
        case "ip-pool" -> RouterIdMode.IP_POOL;
        case String other ->
            throw new TypeConversionException("'" + other + "' is neither default nor ip-pool");
      };
    }
  }
}
