package dev.peerage.interop;

import static dev.peerage.interop.Waits.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What routers forward along: FRR with zebra and BIRD with its kernel protocols, on one session
 * over IPv4 that carries both families; the routers' kernels have the routes.
 */
@Tag("interop")
class UsableNextHopTest {
  private static final String IPV4 = "10.9.0.1";
  private static final String IPV6 = "fd00:8::1";

  private final Ground ground = Ground.open("usable next hop");

  @AfterEach
  void close() {
    ground.close();
  }

  @Test
  void frrForwardsIpv6OfAnIpv4Session() {
    frr(
        """
         neighbor 10.99.0.11 remote-as 65001
         address-family ipv6 unicast
          neighbor 10.99.0.11 activate
         exit-address-family
        """);
    speaker(Ground.Side.PEERAGE, "10.99.0.1", ", localAddress: 10.99.0.11");

    installed(IPV4 + "/32", "10.99.0.11");
    installed(IPV6 + "/128", "fd99::11");
    assertThat(kernel(IPV6)).contains("via fd99::11");
  }

  @Test
  void birdForwardsIpv6OfAnIpv4Session() {
    bird(
        """
        protocol bgp node {
          local 10.99.0.1 as 65000; neighbor 10.99.0.11 as 65001; passive;
          ipv4 { import all; export none; }; ipv6 { import all; export none; };
        }
        """);
    speaker(Ground.Side.PEERAGE, "10.99.0.1", ", localAddress: 10.99.0.11");

    eventually(
        "the kernel's route",
        () -> assertThat(kernel(IPV6)).contains("via fd99::11", "proto bird"));
    assertThat(kernel(IPV4)).contains("via 10.99.0.11");
  }

  /** The router is on the node itself, and is told addresses that mean something elsewhere too. */
  @Test
  void frrBesideTheAgentTellsOthersOfTheNode() {
    frr(
        """
         neighbor 127.0.0.1 remote-as 65001
         neighbor 127.0.0.1 passive
         neighbor 127.0.0.1 update-source lo
         neighbor 127.0.0.1 ebgp-multihop 2
         neighbor 127.0.0.1 soft-reconfiguration inbound
         address-family ipv6 unicast
          neighbor 127.0.0.1 activate
          neighbor 127.0.0.1 soft-reconfiguration inbound
         exit-address-family
        """);
    speaker(Ground.Side.ROUTER, "127.0.0.1", ", ebgpMultihop: 2");

    eventually(
        "next hops",
        () -> {
          assertThat(told("ipv4", IPV4 + "/32")).isEqualTo("10.99.0.1");
          assertThat(told("ipv6", IPV6 + "/128")).isEqualTo("fd99::1");
        });
  }

  @Test
  void birdBesideTheAgentTakesTheNodesAddresses() {
    bird(
        """
        protocol bgp node {
          local 127.0.0.1 as 65000; neighbor 127.0.0.1 port 1790 as 65001; multihop; passive;
          ipv4 { import all; export none; }; ipv6 { import all; export none; };
        }
        """);
    speaker(Ground.Side.ROUTER, "127.0.0.1", ", ebgpMultihop: 2");

    eventually(
        "next hops",
        () -> {
          assertThat(birdc("show route " + IPV4 + "/32 all"))
              .containsPattern("next_hop: 10\\.99\\.0\\.1");
          assertThat(birdc("show route " + IPV6 + "/128 all")).containsPattern("next_hop: fd99::1");
        });
  }

  private void speaker(Ground.Side side, String router, String more) {
    Path file = ground.folder().resolve("speaker.yaml");
    write(
        file,
        """
        instances:
        - name: main
          localASN: 65001
          routerID: 10.99.0.11
          peers:
          - {name: router, peerAddress: %s, peerASN: 65000,
             timers: {connectRetryTimeSeconds: 1}, families: [{afi: ipv4}, {afi: ipv6}]%s}
          routes:
          - {prefix: %s/32}
          - {prefix: "%s/128"}
        """
            .formatted(router, more, IPV4, IPV6));
    ground.start(
        side,
        "peerage",
        Map.of(),
        List.of(Ground.file("bin/peerage").toString(), "speaker", "-f", file.toString()));
  }

  private void frr(String neighbors) {
    Path folder = routerFolder();
    Path config = folder.resolve("frr.conf");
    write(folder.resolve("vtysh.conf"), "");
    write(
        config,
        """
        frr defaults traditional
        router bgp 65000
         bgp router-id 10.99.0.1
         no bgp ebgp-requires-policy
        """
            + neighbors);
    String zserv = folder.resolve("zserv.api").toString();
    ground.start(
        Ground.Side.ROUTER,
        "router",
        Map.of(),
        List.of(
            "/usr/lib/frr/zebra",
            "--pid_file",
            folder.resolve("zebra.pid").toString(),
            "--vty_socket",
            folder.toString(),
            "--vty_port",
            "0",
            "--socket",
            zserv,
            "--log",
            "stdout"));
    eventually("zebra", () -> assertThat(folder.resolve("zebra.vty")).exists());
    ground.start(
        Ground.Side.ROUTER,
        "router",
        Map.of(),
        List.of(
            "/usr/lib/frr/bgpd",
            "--socket",
            zserv,
            "--skip_runas",
            "--config_file",
            config.toString(),
            "--pid_file",
            folder.resolve("bgpd.pid").toString(),
            "--vty_socket",
            folder.toString(),
            "--vty_port",
            "0",
            "--log",
            "stdout"));
    eventually("bgpd", () -> assertThat(folder.resolve("bgpd.vty")).exists());
  }

  private JsonNode vtysh(String command) {
    String folder = routerFolder().toString();
    return Peerage.json(
        ground
            .run(
                Ground.Side.ROUTER,
                List.of(
                    "/usr/bin/vtysh",
                    "--vty_socket",
                    folder,
                    "--config_dir",
                    folder,
                    "-c",
                    command + " json"))
            .succeeded());
  }

  /** What vtysh prints as {@code B>*}: selected by zebra, and in the kernel. */
  private void installed(String prefix, String nextHop) {
    eventually(
        "B>* " + prefix,
        () -> {
          JsonNode route =
              vtysh("show " + (prefix.contains(":") ? "ipv6" : "ip") + " route " + prefix)
                  .path(prefix)
                  .path(0);
          assertThat(route.path("protocol").asText()).as("%s", route).isEqualTo("bgp");
          assertThat(route.path("selected").asBoolean()).as("%s", route).isTrue();
          assertThat(route.path("installed").asBoolean()).as("%s", route).isTrue();
          assertThat(route.at("/nexthops/0/ip").asText()).as("%s", route).isEqualTo(nextHop);
          assertThat(route.at("/nexthops/0/fib").asBoolean()).as("%s", route).isTrue();
        });
  }

  private String told(String family, String prefix) {
    return vtysh("show bgp " + family + " unicast neighbors 127.0.0.1 received-routes")
        .path("receivedRoutes")
        .path(prefix)
        .path(family.equals("ipv4") ? "nextHop" : "nextHopGlobal")
        .asText();
  }

  private void bird(String peer) {
    Path config = routerFolder().resolve("bird.conf");
    write(
        config,
        """
        router id 10.99.0.1;
        log stderr all;
        protocol device {}
        protocol direct { ipv4; ipv6; }
        protocol kernel k4 { ipv4 { export all; }; }
        protocol kernel k6 { ipv6 { export all; }; }
        """
            + peer);
    ground.start(
        Ground.Side.ROUTER,
        "router",
        Map.of(),
        List.of("/usr/sbin/bird", "-f", "-c", config.toString(), "-s", birdSocket()));
    eventually("BIRD", () -> assertThat(birdc("show status")).contains("Daemon is up"));
  }

  private String birdc(String command) {
    return ground
        .run(Ground.Side.ROUTER, List.of("/usr/sbin/birdc", "-s", birdSocket(), command))
        .out();
  }

  private String birdSocket() {
    return routerFolder().resolve("bird.ctl").toString();
  }

  private String kernel(String address) {
    List<String> command = new ArrayList<>(List.of("ip"));
    if (address.contains(":")) {
      command.add("-6");
    }
    command.addAll(List.of("route", "show", address));
    return ground.run(Ground.Side.ROUTER, command).succeeded();
  }

  private Path routerFolder() {
    Path folder = ground.folder().resolve("router");
    try {
      Files.createDirectories(folder);
      // zebra becomes the user frr, and makes its sockets here.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
