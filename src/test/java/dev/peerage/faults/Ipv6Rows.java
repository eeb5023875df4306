package dev.peerage.faults;

import static dev.peerage.acceptance.RouterTable.NODES;
import static dev.peerage.faults.FaultGround.NODE;
import static java.util.Objects.requireNonNull;

import dev.peerage.acceptance.Examples;
import dev.peerage.faults.Row.Toll;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * IPv6 sessions that carry IPv6 routes, and requests that follow them. The cluster's Services and
 * pods are IPv4; the routes are those of addresses on the nodes' loopbacks, where a pod on the
 * host's network answers.
 */
@Tag("wide")
abstract class Ipv6Rows extends Rows {
  private static final Map<String, String> ADDRESS =
      Map.of("k8s-ctr", "fd00:10::100", "k8s-w1", "fd00:10::101", "k8s-w0", "fd00:20::100");
  private static final String ROUTER = "fd00:10::200";

  @Test
  void kill9() {
    var examples = new Examples(ground.lab);
    Map<String, Set<String>> whole = new HashMap<>(FaultGround.WHOLE);
    whole.put("fd00:99::1/128", Set.copyOf(ADDRESS.values()));
    NODES.forEach(node -> whole.put(ownAddress(node) + "/128", Set.of(address(node))));
    try {
      addresses("replace");
      expectNodes(true);
      ground.lab.apply(FaultGround.resource("six.yaml"));
      ground.lab.kubectl("rollout", "status", "daemonset/six", "--timeout=120s");
      ground.lab.apply(
          examples.document("CiliumBGPClusterConfig")
              + """

                  - name: six
                    peerASN: 65000
                    peerAddress: %s
                    peerConfigRef:
                      name: six
              """
                  .formatted(ROUTER));
      Map<String, String> targets = ground.targets();
      targets.put("vip6", "fd00:99::1");
      targets.put("node6", ownAddress(NODE));
      row(
          "IPv6: kill9",
          Toll.NONE,
          targets,
          whole,
          _ -> {
            int before = ground.established(NODE);
            int before6 = ground.establishedAt(address(NODE));
            processes.agent(NODE).destroyForcibly();
            ground.awaitAnew(NODE, before);
            ground.awaitAnewAt(address(NODE), before6);
          });
    } finally {
      examples.apply("CiliumBGPClusterConfig");
      ground.awaitWhole();
      ground.lab.kubectlRun(FaultGround.resource("six.yaml"), "delete", "-f", "-").succeeded();
      expectNodes(false);
      addresses("del");
    }
  }

  private static String address(String node) {
    return requireNonNull(ADDRESS.get(node));
  }

  private static String ownAddress(String node) {
    return address(node).replace("fd00:", "fd00:99:");
  }

  /** Gives nodes and router their addresses and the ways to each other, or takes them. */
  private static void addresses(String verb) {
    ip("router", "address", verb, "fd00:10::200/64", "dev", "eth1", "nodad");
    ip("router", "address", verb, "fd00:20::200/64", "dev", "eth2", "nodad");
    ip("router", "address", verb, "fd00:30::200/64", "dev", "loop1", "nodad");
    if (verb.equals("del")) {
      ip("client", "route", verb, "default", "via", "fd00:30::200");
      ip("client", "address", verb, "fd00:30::100/64", "dev", "eth1");
    } else {
      ip("client", "address", verb, "fd00:30::100/64", "dev", "eth1", "nodad");
      ip("client", "route", verb, "default", "via", "fd00:30::200", "rto_min", "5s");
    }
    ground.lab.on("router", "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
    ground.lab.on("router", "sysctl", "-qw", "net.ipv6.fib_multipath_hash_policy=1");
    for (String node : NODES) {
      String link = address(node);
      if (verb.equals("del")) {
        ip(node, "route", verb, "default", "via", link.replaceFirst("::.*", "::200"));
      }
      ip(node, "address", verb, link + "/64", "dev", "eth1", "nodad");
      ip(node, "address", verb, "fd00:99::1/128", "dev", "lo");
      ip(node, "address", verb, ownAddress(node) + "/128", "dev", "lo");
      if (!verb.equals("del")) {
        ip(node, "route", verb, "default", "via", link.replaceFirst("::.*", "::200"));
      }
    }
  }

  private static void ip(String node, String... words) {
    String[] command = new String[words.length + 2];
    command[0] = "ip";
    command[1] = "-6";
    System.arraycopy(words, 0, command, 2, words.length);
    ground.lab.on(node, command);
  }

  /** Makes the router expect the nodes, or not any more. */
  private static void expectNodes(boolean expect) {
    StringBuilder commands = new StringBuilder("configure terminal\nrouter bgp 65000\n");
    if (expect) {
      commands.append("neighbor SIX peer-group\nneighbor SIX remote-as external\n");
      ADDRESS.values().forEach(it -> commands.append("neighbor " + it + " peer-group SIX\n"));
      commands.append("address-family ipv6 unicast\nneighbor SIX activate\nmaximum-paths 4");
    } else {
      commands.append("no neighbor SIX peer-group");
    }
    ground.lab.router(commands.toString());
  }
}
