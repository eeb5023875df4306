package dev.peerage.apiserver;

import static org.awaitility.Awaitility.await;

import dev.peerage.chart.Chart;
import dev.peerage.testing.PortBlock;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The API server of {@code cluster/api-server} with the chart's custom resource definitions and
 * RBAC: one that all tests of a process share, started when first asked for. No controller and no
 * kubelet runs; a test writes Nodes and EndpointSlices itself. It ends with this process, however
 * that ends.
 */
public final class ApiServer {
  /** What tests lock that use the running one: they would meet each other's objects. */
  public static final String OBJECTS = "objects of the running API server";

  /** Where the chart's service accounts are. */
  public static final String NAMESPACE = "peerage-system";

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private static final class Running {
    private static final ApiServer API_SERVER = start();

    private Running() {}
  }

  private final Path folder;
  private final int port;
  private final String subnet;
  private final KubernetesClient client;
  private final Chart.Rendered chart = Chart.render();

  private final Map<String, Path> kubeconfigs = new ConcurrentHashMap<>();

  /** Held so that its standard input stays open. */
  @SuppressWarnings({"unused", "UnusedVariable"})
  private final Process script;

  private ApiServer(Process script, Path folder, int port, String subnet) throws IOException {
    this.script = script;
    this.folder = folder;
    this.port = port;
    this.subnet = subnet;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(folder.resolve("admin"))))
            .build();
  }

  /** The one API server of this process. */
  public static ApiServer running() {
    return Running.API_SERVER;
  }

  /**
   * Starts a further one, for tests that run the operator: what others do to the one that all share
   * would be undone by it. It ends with this process too.
   */
  public static ApiServer start() {
    return start(List.of());
  }

  /**
   * A further one that keeps a record of what service accounts ask it: {@code audit.log} in its
   * folder.
   */
  public static ApiServer startAudited() {
    return start(List.of("--audit"));
  }

  private static ApiServer start(List<String> options) {
    try {
      Path logs = Files.createDirectories(ROOT.resolve("target/scenario"));
      PortBlock ports = PortBlock.claim();
      // Of 198.18.0.0/15, which is for tests (RFC 2544): namespaces that are joined to this
      // machine's find the API server at the first address of the subnet.
      String subnet = "198." + (18 + ports.number() / 256) + "." + ports.number() % 256;
      List<String> command = new ArrayList<>();
      command.add(ROOT.resolve("cluster/api-server").toString());
      command.addAll(options);
      for (int i = 0; i < 3; i++) {
        command.add(Integer.toString(ports.port(i)));
      }
      command.add(subnet + ".1");
      Path log = logs.resolve("api-server-" + ports.port(0) + ".log");
      Process script = new ProcessBuilder(command).redirectError(log.toFile()).start();
      String folder = script.inputReader(StandardCharsets.UTF_8).readLine();
      if (folder == null) {
        throw new AssertionError("no API server: " + Files.readString(log));
      }
      ApiServer started = new ApiServer(script, Path.of(folder), ports.port(0), subnet);
      started.install();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void install() throws IOException {
    List<Path> files;
    try (var listed = Files.list(Chart.FOLDER.resolve("crds"))) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      apply(Files.readString(file));
    }
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    await("namespaces")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .until(() ->
            List.of("default", "kube-system").stream()
                .allMatch(each -> client.namespaces().withName(each).get() != null));
    for (Class<? extends HasMetadata> kind :
        List.of(
            ServiceAccount.class,
            ClusterRole.class,
            ClusterRoleBinding.class,
            Role.class,
            RoleBinding.class)) {
      chart.all(kind).forEach(each -> client.resource(each).create());
    }
    await("custom resource definitions")
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(50))
        .until(() ->
            client.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .allMatch(ApiServer::served));
  }

  private static boolean served(CustomResourceDefinition definition) {
    return definition.getStatus() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(
                each -> each.getType().equals("Established") && each.getStatus().equals("True"));
  }

  /** A client with all rights. */
  public KubernetesClient client() {
    return client;
  }

  /** The chart with its default values, whose service accounts and roles are there. */
  public Chart.Rendered chart() {
    return chart;
  }

  /** The first three octets of the /24 of which .1 is this machine, where the server listens. */
  public String subnet() {
    return subnet;
  }

  /** Its folder: {@code admin} is a kubeconfig with all rights. Goes away with the server. */
  public Path folder() {
    return folder;
  }

  /** Creates or replaces the objects of YAML documents, as {@code kubectl apply} would. */
  public List<HasMetadata> apply(String yaml) {
    return client.load(stream(yaml)).forceConflicts().serverSideApply();
  }

  /** What {@code kubectl apply --dry-run=server} answers; throws what the API server refuses. */
  public List<HasMetadata> tryOut(String yaml) {
    return client.load(stream(yaml)).dryRun().forceConflicts().serverSideApply();
  }

  private static InputStream stream(String yaml) {
    return new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A kubeconfig with the rights of a service account of the chart, for a process that reaches this
   * machine at the address.
   *
   * @param serviceAccount such as {@code peerage-agent}
   * @param address {@code 127.0.0.1} or the subnet's .1
   */
  public Path kubeconfig(String serviceAccount, String address) {
    return kubeconfigs.computeIfAbsent(
        serviceAccount + "-" + address,
        file ->
            writeKubeconfig(
                file,
                token(
                    serviceAccount,
                    new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(7200L)
                        .endSpec()
                        .build()),
                address));
  }

  /**
   * The same for a process that reaches it through another port of this machine.
   *
   * @param through that port
   */
  public Path kubeconfig(String serviceAccount, int through) {
    Path direct = kubeconfig(serviceAccount, "127.0.0.1");
    Path file = folder.resolve(serviceAccount + "-" + through);
    try {
      Files.writeString(
          file, Files.readString(direct).replace("127.0.0.1:" + port, "127.0.0.1:" + through));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /**
   * A kubeconfig with a token such as a kubelet gives to the pods of its node: it says on which
   * node the pod runs. The pod is created for it.
   *
   * @param node its Node need not exist
   */
  public Path kubeconfigOnNode(String serviceAccount, String node) {
    return kubeconfigs.computeIfAbsent(
        serviceAccount + "-on-" + node,
        file -> {
          Pod pod =
              client
                  .resource(
                      new PodBuilder()
                          .withNewMetadata()
                          .withNamespace(NAMESPACE)
                          .withName(file)
                          .endMetadata()
                          .withNewSpec()
                          .withNodeName(node)
                          .withServiceAccountName(serviceAccount)
                          .addNewContainer()
                          .withName("peerage")
                          .withImage("none")
                          .endContainer()
                          .endSpec()
                          .build())
                  .create();
          return writeKubeconfig(
              file,
              token(
                  serviceAccount,
                  new TokenRequestBuilder()
                      .withNewSpec()
                      .withExpirationSeconds(7200L)
                      .withNewBoundObjectRef()
                      .withApiVersion("v1")
                      .withKind("Pod")
                      .withName(file)
                      .withUid(pod.getMetadata().getUid())
                      .endBoundObjectRef()
                      .endSpec()
                      .build()),
              "127.0.0.1");
        });
  }

  private String token(String serviceAccount, TokenRequest request) {
    return client
        .serviceAccounts()
        .inNamespace(NAMESPACE)
        .withName(serviceAccount)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  private Path writeKubeconfig(String name, String token, String address) {
    Path file = folder.resolve(name);
    try {
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: test, cluster: {server: "https://%s:%d", certificate-authority: %s}}]
          users: [{name: user, user: {token: %s}}]
          contexts: [{name: test, context: {cluster: test, user: user}}]
          current-context: test
          """
              .formatted(address, port, folder.resolve("ca.crt"), token));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
