package dev.peerage.standalone;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredPeer.ImportPolicy;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.Endpoint.Connection;
import dev.peerage.bgp.speaker.Endpoint.Hops;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.ReceiveLimits;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.speaker.SessionTerms.GracefulRestart;
import dev.peerage.bgp.speaker.SessionTerms.LongLived;
import dev.peerage.bgp.speaker.SessionTerms.Timers;
import dev.peerage.bgp.wire.AddressFamily;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads an item of {@code peers}. */
final class PeerSection {
  static final Set<String> KEYS =
      Set.of(
          "name",
          "peerAddress",
          "peerASN",
          "peerPort",
          "localAddress",
          "sourceInterface",
          "connection",
          "passive",
          "password",
          "timers",
          "gracefulRestart",
          "ebgpMultihop",
          "ttlSecurity",
          "families",
          "importPolicy",
          "exportPolicy",
          "maximumPrefixes",
          "maximumMemoryMiB");

  private PeerSection() {}

  /** The peer; empty when it cannot be told, which is reported. */
  static Optional<DesiredPeer> read(Section section, Listen listen, ExportPolicy ownRoutes) {
    String name = section.required("name", "r1");
    String example = "192.0.2.1";
    Optional<InetAddress> address =
        section.required("peerAddress", example).isBlank()
            ? Optional.empty()
            : section.value("peerAddress", Address::parse, "write for example " + example);
    long asn = section.number("peerASN", 0, 0xffff_ffffL, 0);
    var port = (int) section.number("peerPort", 1, 65535, 179);
    Source source = source(section, address);
    Connection connection = connection(section, listen);
    Authentication authentication = authentication(section);
    Timers timers = timers(section);
    GracefulRestart restart = gracefulRestart(section);
    Hops hops = hops(section);
    Set<AddressFamily> families = families(section);
    ImportPolicy importPolicy =
        section.choice(
            "importPolicy",
            Map.of(
                "reject", ImportPolicy.REJECT,
                "accept", ImportPolicy.ACCEPT,
                "accept-from-route-server", ImportPolicy.ACCEPT_FROM_ROUTE_SERVER),
            ImportPolicy.REJECT);
    ExportPolicy exportPolicy =
        section.choice(
            "exportPolicy", Map.of("routes", ownRoutes, "all", new ExportPolicy.All()), ownRoutes);
    var limits =
        new ReceiveLimits(
            (int) section.number("maximumPrefixes", 1, Integer.MAX_VALUE, 0),
            section.number("maximumMemoryMiB", 1, 1 << 20, 0) << 20);
    return address.map(to ->
        new DesiredPeer(
            name,
            asn,
            new Endpoint(to, port, source, connection, hops, authentication),
            new SessionTerms(timers, restart, families),
            importPolicy,
            exportPolicy,
            limits));
  }

  private static Source source(Section section, Optional<InetAddress> peer) {
    Optional<InetAddress> address =
        section.value(
            "localAddress", Address::parse, "write an address of this host, or leave it out");
    boolean mixed =
        address.isPresent()
            && peer.isPresent()
            && address.get().getClass() != peer.get().getClass();
    if (mixed) {
      section.problem(
          "localAddress",
          "is of another IP version than peerAddress",
          "use IPv4 for both or IPv6 for both");
    }
    String device = section.text("sourceInterface", "");
    if (address.isPresent() && !device.isEmpty()) {
      section.problem("sourceInterface", "localAddress is there too", "keep one of the two");
    }
    if (device.isEmpty()) {
      return address.<Source>map(Source.Address::new).orElseGet(Source.Any::new);
    }
    return new Source.Interface(device);
  }

  private static Connection connection(Section section, Listen listen) {
    Connection connection =
        section.choice(
            "connection",
            Map.of(
                "active", Connection.ACTIVE,
                "passive", Connection.PASSIVE,
                "both", Connection.BOTH),
            Connection.BOTH);
    if (section.has("passive")) {
      boolean passive = section.flag("passive", false);
      if (section.has("connection") && passive != (connection == Connection.PASSIVE)) {
        section.problem("passive", "says something else than connection", "keep one of the two");
        return connection;
      }
      if (passive) {
        connection = Connection.PASSIVE;
      }
    }
    if (connection == Connection.PASSIVE && listen instanceof Listen.Off) {
      section.problem(
          section.has("passive") ? "passive" : "connection",
          "the peer shall dial, but the instance listens nowhere",
          "give the instance a listenPort, or let this side dial");
    }
    return connection;
  }

  /** A key that is too long is the peer's error, seen in its state: the others shall run. */
  private static Authentication authentication(Section section) {
    if (!section.has("password")) {
      return new Authentication.None();
    }
    String key = section.text("password", "");
    if (key.isEmpty()) {
      section.problem("password", "is empty", "leave the key out for a session without password");
      return new Authentication.None();
    }
    return new Authentication.TcpMd5(key);
  }

  private static Timers timers(Section section) {
    Section timers =
        section.section(
            "timers", Set.of("connectRetryTimeSeconds", "holdTimeSeconds", "keepAliveTimeSeconds"));
    var retry = (int) timers.number("connectRetryTimeSeconds", 1, Integer.MAX_VALUE, 120);
    var hold = (int) timers.number("holdTimeSeconds", 0, 65535, 90);
    if (hold == 1 || hold == 2) {
      timers.problem(
          "holdTimeSeconds", "'" + hold + "' is not allowed (RFC 4271)", "write 0 or 3 to 65535");
      hold = 90;
    }
    // A third of the hold time, as RFC 4271 section 10 suggests.
    var keepAlive = (int) timers.number("keepAliveTimeSeconds", 0, 65535, hold / 3);
    if (keepAlive > hold) {
      timers.problem(
          "keepAliveTimeSeconds",
          "'" + keepAlive + "' is more than the hold time of " + hold,
          "write at most the hold time; a third of it is usual");
    } else if (keepAlive == 0 && hold > 0) {
      timers.problem(
          "keepAliveTimeSeconds",
          "'0' would let the session end after the hold time of " + hold,
          "write 1 to " + hold + ", or holdTimeSeconds: 0 for a session without keepalives");
    }
    return new Timers(retry, hold, keepAlive);
  }

  private static GracefulRestart gracefulRestart(Section section) {
    Section restart =
        section.section(
            "gracefulRestart",
            Set.of(
                "enabled",
                "restartTimeSeconds",
                "stalePathTimeSeconds",
                "longLivedStaleTimeSeconds"));
    boolean enabled = restart.flag("enabled", false);
    var seconds = (int) restart.number("restartTimeSeconds", 1, 4095, 120);
    var longest =
        (int)
            restart.number(
                "stalePathTimeSeconds",
                1,
                Integer.MAX_VALUE,
                GracefulRestart.On.DEFAULT_LONGEST_STALE);
    var longLived = (int) restart.number("longLivedStaleTimeSeconds", 1, 0xff_ffff, 0);
    if (!enabled) {
      return new GracefulRestart.Off();
    }
    return new GracefulRestart.On(
        seconds, longest, longLived == 0 ? new LongLived.Off() : new LongLived.On(longLived));
  }

  private static Hops hops(Section section) {
    var ttl = (int) section.number("ebgpMultihop", 1, 255, 1);
    var gtsm = (int) section.number("ttlSecurity", 1, 254, 0);
    if (gtsm > 0 && section.has("ebgpMultihop")) {
      section.problem(
          "ttlSecurity",
          "ebgpMultihop is there too",
          "keep one of the two; both say how far away the peer may be");
    }
    return gtsm > 0 ? new Hops.Gtsm(gtsm) : new Hops.Ttl(ttl);
  }

  private static Set<AddressFamily> families(Section section) {
    if (!section.has("families")) {
      return Set.of(AddressFamily.IPV4_UNICAST);
    }
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    for (Section each : section.sections("families", Set.of("afi", "safi"))) {
      if (!each.has("afi")) {
        each.problem("afi", "is missing", "write afi: ipv4 or afi: ipv6");
      }
      String _ = each.choice("safi", Map.of("unicast", "unicast"), "unicast");
      AddressFamily family =
          each.choice(
              "afi",
              Map.of("ipv4", AddressFamily.IPV4_UNICAST, "ipv6", AddressFamily.IPV6_UNICAST),
              AddressFamily.IPV4_UNICAST);
      families.add(family);
    }
    if (families.isEmpty()) {
      section.problem("families", "has no family", "leave it out for IPv4, or list at least one");
      return Set.of(AddressFamily.IPV4_UNICAST);
    }
    return families;
  }
}
