package dev.peerage.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.host.KernelMessage.AddressGone;
import dev.peerage.host.KernelMessage.AddressSeen;
import dev.peerage.host.KernelMessage.DefaultRouteSeen;
import dev.peerage.host.KernelMessage.DefaultRoutesChanged;
import dev.peerage.host.KernelMessage.LinkGone;
import dev.peerage.host.KernelMessage.LinkSeen;
import dev.peerage.host.KernelMessage.NextHop;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostTablesTest {
  private static final InetAddress OWN = InetAddress.ofLiteral("10.0.0.1");
  private static final InetAddress OWN6 = InetAddress.ofLiteral("fd00::1");
  private static final InetAddress GATEWAY = InetAddress.ofLiteral("10.0.0.254");
  private static final InetAddress GATEWAY6 = InetAddress.ofLiteral("fd00::254");

  private final HostTables tables = new HostTables();

  @BeforeEach
  void start() {
    told(link(2, "eth0", true));
    told(link(3, "cali1", true));
    told(new AddressSeen(2, OWN));
    told(new DefaultRouteSeen(List.of(new NextHop(GATEWAY, 2, 100))));
    told(new DefaultRouteSeen(List.of(new NextHop(GATEWAY6, 2, 1024))));
  }

  @Test
  void itHoldsWhatWasTold() {
    assertThat(tables.network())
        .isEqualTo(
            Hosts.of(
                "3 cali1 - up; 2 eth0 - up - 10.0.0.1; via fd00::254 eth0 1024;"
                    + " via 10.0.0.254 eth0 100"));
    assertThat(tables.routesOutdated()).isFalse();
  }

  @Test
  void linksAndAddressesFollowEvents() {
    heard(link(2, "wan0", true));
    heard(new AddressSeen(2, OWN6));
    heard(new AddressSeen(2, OWN6));
    heard(new LinkGone(3));
    heard(new AddressGone(3, OWN6));
    assertThat(tables.network())
        .isEqualTo(
            Hosts.of(
                "2 wan0 - up - 10.0.0.1,fd00::1; via fd00::254 wan0 1024;"
                    + " via 10.0.0.254 wan0 100"));
    assertThat(tables.routesOutdated()).isFalse();
  }

  @Test
  void aLinkTakesItsAddressesAlong() {
    heard(new LinkGone(2));
    heard(link(2, "eth1", true));
    assertThat(tables.network().link("eth1").orElseThrow().addresses()).isEmpty();
  }

  @Test
  void routesAreAskedForWhenLinuxMayHaveRemovedThemSilently() {
    assertOutdated(new DefaultRoutesChanged());
    assertOutdated(new DefaultRouteSeen(List.of()));
    assertOutdated(link(2, "eth0", false));
    assertOutdated(new AddressGone(2, OWN));
    assertOutdated(new LinkGone(2));
    assertThat(tables.routesOutdated()).isFalse();
    heard(link(3, "cali1", false));
    heard(new AddressGone(3, OWN6));
    heard(new LinkGone(3));
    assertThat(tables.routesOutdated()).isFalse();
  }

  @Test
  void aDumpReplacesItsOwnSortOnly() {
    tables.forget(Dump.IPV4_ROUTES);
    assertThat(tables.network().defaultRoutes())
        .containsExactly(new DefaultRoute(GATEWAY6, "eth0", 1024));
    told(new DefaultRouteSeen(List.of(new NextHop(GATEWAY, 2, 7), new NextHop(GATEWAY, 9, 7))));
    tables.forget(Dump.IPV6_ROUTES);
    assertThat(tables.network().defaultRoutes())
        .as("a link that is not known yet leads nowhere")
        .containsExactly(new DefaultRoute(GATEWAY, "eth0", 7));
    tables.forget(Dump.ADDRESSES);
    assertThat(tables.network().links())
        .containsExactly(Hosts.of("2 eth0 - up; 3 cali1 - up").links().toArray(new Link[0]));
    tables.forget(Dump.LINKS);
    assertThat(tables.network()).isEqualTo(HostNetwork.NONE);
  }

  private void assertOutdated(KernelMessage event) {
    tables.routesAskedFor();
    heard(event);
    assertThat(tables.routesOutdated()).as(event.toString()).isTrue();
    tables.routesAskedFor();
  }

  private void told(KernelMessage answer) {
    tables.take(answer, true);
  }

  private void heard(KernelMessage event) {
    tables.take(event, false);
  }

  private static LinkSeen link(int index, String name, boolean adminUp) {
    return new LinkSeen(index, name, "", adminUp, OperState.UP, Optional.empty());
  }
}
