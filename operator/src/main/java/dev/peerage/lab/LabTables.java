package dev.peerage.lab;

import dev.peerage.agent.NodeStatus;
import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.speaker.SpeakerState;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.http.PoliciesAnswer;
import dev.peerage.http.RoutesAnswer;
import dev.peerage.http.StateAnswer;
import dev.peerage.table.PeersTable;
import dev.peerage.table.PoliciesTable;
import dev.peerage.table.RouterTable;
import dev.peerage.table.RoutesTable;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that the lab shows, as text. Pure. */
final class LabTables {
  private final StringBuilder text = new StringBuilder();

  private LabTables() {}

  /**
   * Renders everything.
   *
   * @param available by family, then node: what each node has to announce
   * @param versions how often each router's table has changed
   */
  static String of(
      LabPlan plan,
      Observed observed,
      Map<AddressFamily, SortedMap<String, RoutesAnswer>> available,
      Map<InetAddress, Long> versions,
      Instant now) {
    var tables = new LabTables();
    SortedMap<String, StateAnswer> states = new TreeMap<>();
    observed.nodes().forEach((node, state) -> states.put(node, StateAnswer.of(state, now)));
    tables.section("peerage peers", PeersTable.of(states));
    available.forEach((family, routes) -> {
      if (family == AddressFamily.IPV4_UNICAST
          || routes.values().stream().anyMatch(answer -> !answer.routes().isEmpty())) {
        tables.section(
            "peerage routes available " + family.afiName() + " " + family.safiName(),
            RoutesTable.available(routes));
      }
    });
    SortedMap<String, PoliciesAnswer> policies = new TreeMap<>();
    plan.nodes().forEach((node, desired) -> policies.put(node, PoliciesAnswer.of(desired)));
    tables.section("peerage route-policies", PoliciesTable.of(policies));
    for (RouterPlan router : plan.routers()) {
      List<RouteView> routes = observed.tables().getOrDefault(router.address(), List.of());
      long version = versions.getOrDefault(router.address(), 0L);
      tables.router(router, "show ip bgp", version, routes, AddressFamily.IPV4_UNICAST);
      if (routes.stream().anyMatch(r -> r.prefix().family() == AddressFamily.IPV6_UNICAST)) {
        tables.router(router, "show bgp ipv6 unicast", version, routes, AddressFamily.IPV6_UNICAST);
      }
    }
    tables.nodeConfigs(plan, observed);
    return tables.text.toString();
  }

  private void router(
      RouterPlan router,
      String command,
      long version,
      List<RouteView> routes,
      AddressFamily family) {
    section(
        "router " + router.name() + ": " + command,
        RouterTable.of(
            version,
            router.routerId(),
            router.asn(),
            routes.stream().filter(route -> route.prefix().family() == family).toList()));
  }

  private void nodeConfigs(LabPlan plan, Observed observed) {
    var yaml = new KubernetesSerialization();
    var documents = new StringBuilder();
    plan.nodeConfigs()
        .forEach((node, config) -> {
          var shown = new CiliumBGPNodeConfig();
          shown.setMetadata(new ObjectMetaBuilder(config.getMetadata()).build());
          shown.setSpec(config.getSpec());
          SpeakerState state = observed.nodes().get(node);
          if (state != null) {
            shown.setStatus(NodeStatus.of(config, state));
          }
          documents.append(yaml.asYaml(shown));
        });
    section("kubectl get ciliumbgpnodeconfigs -o yaml", documents.toString());
  }

  private void section(String title, String body) {
    text.append("== ").append(title).append('\n').append(body).append('\n');
  }
}
