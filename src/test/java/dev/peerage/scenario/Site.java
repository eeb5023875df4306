package dev.peerage.scenario;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LoadBalancerStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One node with its agent, and its routers. Everything a scenario writes carries the site's title
 * in names and in the label {@code site}, so that scenarios can run side by side: YAML says {@code
 * SITE} where the title belongs.
 */
final class Site implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Sites sites = Sites.running();
  private final KubernetesClient client = sites.server().client();
  private final List<HasMetadata> applied = new ArrayList<>();
  private final String title;
  private final int number;
  private final Path folder;
  private Optional<Process> agent = Optional.empty();

  private Site(String title) {
    this.title = title;
    this.number = sites.add();
    this.folder = sites.folder(number);
  }

  /**
   * A site with a node that is labelled {@code site: title}, has the addresses of {@code
   * interop/sites} and these PodCIDRs, and runs an agent.
   *
   * @param options further options of the agent
   */
  static Site open(String title, List<String> podCidrs, String... options) {
    Site site = new Site(title);
    try {
      site.apply(
          """
          apiVersion: v1
          kind: Node
          metadata: {name: SITE, labels: {site: SITE}}
          spec: {podCIDR: "%s", podCIDRs: ["%s"]}
          """
              .formatted(podCidrs.getFirst(), String.join("\", \"", podCidrs)));
      site.client
          .nodes()
          .withName(title)
          .editStatus(node -> {
            node.getStatus()
                .setAddresses(
                    List.of(
                        new NodeAddress("10.1.0.2", "InternalIP"),
                        new NodeAddress("fd01::2", "InternalIP")));
            return node;
          });
      site.startAgent(options);
      return site;
    } catch (RuntimeException | Error e) {
      site.close();
      throw e;
    }
  }

  /** Starts the agent of the node. */
  void startAgent(String... options) {
    List<String> words = new ArrayList<>(List.of("--node-name=" + title));
    words.addAll(List.of(options));
    agent = Optional.of(sites.peerage(number, title, sites.server().chart().agent(), words));
  }

  /** Kills the agent, as the kernel does. */
  void killAgent() {
    agent.orElseThrow().destroyForcibly().onExit().join();
  }

  /** Tells the agent to end, as the kubelet does, and waits until it has. */
  void stopAgent() {
    agent.orElseThrow().destroy();
    agent.orElseThrow().onExit().join();
  }

  /** Whether the node reaches the API server. */
  void apiServer(boolean reachable) {
    onNode("ip", "link", "set", "api", reachable ? "up" : "down");
  }

  /** A folder that goes away with the site. */
  Path folder() {
    return folder;
  }

  /** Settings of a router at {@code 10.1.0.LAST}, dialled from 10.1.0.2. */
  static RouterPeer.Settings ipv4(int last, long asn, long nodeAsn) {
    return new RouterPeer.Settings(
        "10.1.0." + last, "10.1.0.2", asn, nodeAsn, List.of("ipv4", "ipv6"), Optional.empty());
  }

  /** Settings of a router at {@code fd01::LAST}, dialled from fd01::2. */
  static RouterPeer.Settings ipv6(int last, long asn, long nodeAsn) {
    return new RouterPeer.Settings(
        "fd01::" + last, "fd01::2", asn, nodeAsn, List.of("ipv4", "ipv6"), Optional.empty());
  }

  /** Starts a router. */
  RouterPeer router(RouterPeer.Settings settings) {
    return new RouterPeer(sites, number, title, folder, settings);
  }

  /** Creates or replaces the objects of YAML documents. */
  void apply(String yaml) {
    applied.addAll(sites.server().apply(yaml.replace("SITE", title)));
  }

  /** Creates the objects of YAML documents. */
  void create(String yaml) {
    String written = yaml.replace("SITE", title);
    applied.addAll(
        client.load(new ByteArrayInputStream(written.getBytes(StandardCharsets.UTF_8))).create());
  }

  /** Deletes an object; {@code SITE} stands for the title. */
  void delete(String apiVersion, String kind, String namespace, String name) {
    var resources = client.genericKubernetesResources(apiVersion, kind);
    (namespace.isEmpty()
            ? resources.withName(name.replace("SITE", title))
            : resources.inNamespace(namespace).withName(name.replace("SITE", title)))
        .delete();
  }

  /** Deletes a Service of the namespace default. */
  void deleteService(String name) {
    delete("v1", "Service", "default", name);
  }

  /** Lets the API server serve CiliumNode and CiliumPodIPPool, with any content. */
  void installPodPools() {
    installKind("CiliumNode", "ciliumnodes", "v2");
    installKind("CiliumPodIPPool", "ciliumpodippools", "v2alpha1");
    await("Cilium's own kinds")
        .atMost(RouterPeer.LONG)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> {
          client.genericKubernetesResources("cilium.io/v2", "CiliumNode").list();
          client.genericKubernetesResources("cilium.io/v2alpha1", "CiliumPodIPPool").list();
          return true;
        });
  }

  private void installKind(String kind, String plural, String version) {
    apply(
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %2$s.cilium.io}
        spec:
          group: cilium.io
          scope: Cluster
          names: {kind: %1$s, plural: %2$s}
          versions:
          - name: %3$s
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """
            .formatted(kind, plural, version));
  }

  /** Changes the node's label {@code site}. */
  void label(String value) {
    label("site", value);
  }

  /** Gives the node a label. */
  void label(String key, String value) {
    client
        .nodes()
        .withName(title)
        .edit(node -> {
          node.getMetadata().getLabels().put(key, value);
          return node;
        });
  }

  /** Takes a label off the node. */
  void unlabel(String key) {
    client
        .nodes()
        .withName(title)
        .edit(node -> {
          node.getMetadata().getLabels().remove(key);
          return node;
        });
  }

  /** What Kubernetes does with the NodeConfig of an owner that is gone; no controller runs here. */
  void collectGarbage() {
    client
        .genericKubernetesResources("cilium.io/v2", "CiliumBGPNodeConfig")
        .withName(title)
        .delete();
  }

  /** Writes the address of a Service of the namespace default, as a controller would. */
  void setIngress(String service, String address) {
    setIngress(service, address, "VIP");
  }

  /** The same with an {@code ipMode}. */
  void setIngress(String service, String address, String ipMode) {
    client
        .services()
        .inNamespace("default")
        .withName(service)
        .editStatus(current -> {
          current
              .getStatus()
              .setLoadBalancer(
                  new LoadBalancerStatusBuilder()
                      .addNewIngress()
                      .withIp(address)
                      .withIpMode(ipMode)
                      .endIngress()
                      .build());
          return current;
        });
  }

  /** Waits until a Service of the namespace default has this address. */
  void awaitIngress(String service, String address) {
    await("address of " + service)
        .atMost(RouterPeer.LONG)
        .pollInterval(Duration.ofMillis(100))
        .until(() ->
            client
                .services()
                .inNamespace("default")
                .withName(service)
                .get()
                .getStatus()
                .getLoadBalancer()
                .getIngress()
                .stream()
                .anyMatch(each -> address.equals(each.getIp())));
  }

  /** The address that a Service of the namespace default gets. */
  String ingress(String service) {
    return await("address of " + service)
        .atMost(RouterPeer.LONG)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                client
                    .services()
                    .inNamespace("default")
                    .withName(service)
                    .get()
                    .getStatus()
                    .getLoadBalancer()
                    .getIngress()
                    .stream()
                    .map(each -> each.getIp())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Runs a command on the node, such as {@code ip link set lo1 down}. */
  String onNode(String... command) {
    return sites.run(number, "node", List.of(command));
  }

  /** Runs {@code peerage} on the node and returns what it prints. */
  String peerage(String... words) {
    return peerage(0, words);
  }

  /**
   * Asks the node's agent and the API server, as a person does who may read both.
   *
   * @param exitCode what the command must end with
   */
  String ask(int exitCode, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--api-address=127.0.0.1:17901");
    all.add("--node=" + title);
    all.add(
        "--kubeconfig="
            + sites.server().kubeconfig("peerage-operator", sites.server().subnet() + ".1"));
    return peerage(exitCode, all.toArray(String[]::new));
  }

  private String peerage(int exitCode, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of("../../image/run").toAbsolutePath().normalize().toString()));
    command.addAll(List.of(words));
    return sites.run(number, "node", exitCode, command);
  }

  /** The node's CiliumBGPNodeConfig; an empty object when there is none. */
  JsonNode nodeConfig() {
    return object("cilium.io/v2", "CiliumBGPNodeConfig", title);
  }

  /** An object of the whole cluster as JSON; an empty object when there is none. */
  JsonNode object(String apiVersion, String kind, String name) {
    GenericKubernetesResource found =
        client
            .genericKubernetesResources(apiVersion, kind)
            .withName(name.replace("SITE", title))
            .get();
    return found == null ? JSON.createObjectNode() : JSON.valueToTree(found);
  }

  /** Waits until the NodeConfig is as wanted. */
  void awaitNodeConfig(String what, Predicate<JsonNode> wanted) {
    await(what)
        .atMost(RouterPeer.LONG)
        .pollInterval(Duration.ofMillis(100))
        .until(this::nodeConfig, wanted);
  }

  /** The state of a peer in the NodeConfig's status. */
  static JsonNode peerStatus(JsonNode nodeConfig, String instance, String peer) {
    for (JsonNode each : nodeConfig.at("/status/bgpInstances")) {
      if (each.path("name").asText().equals(instance)) {
        for (JsonNode status : each.path("peers")) {
          if (status.path("name").asText().equals(peer)) {
            return status;
          }
        }
      }
    }
    return JSON.createObjectNode();
  }

  KubernetesClient client() {
    return client;
  }

  String title() {
    return title;
  }

  @Override
  public void close() {
    applied.reversed().forEach(each -> client.resource(each).delete());
    collectGarbage();
    sites.remove(number);
  }
}
