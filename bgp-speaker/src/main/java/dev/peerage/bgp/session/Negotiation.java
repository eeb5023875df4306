package dev.peerage.bgp.session;

import dev.peerage.bgp.session.Negotiated.Helping;
import dev.peerage.bgp.session.Negotiated.PeerRestart;
import dev.peerage.bgp.session.SessionConfig.Restart;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Capability;
import dev.peerage.bgp.wire.Malformed;
import dev.peerage.bgp.wire.Notification;
import dev.peerage.bgp.wire.NotificationCode;
import dev.peerage.bgp.wire.Open;
import dev.peerage.bgp.wire.OpenValidator;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges the peer's OPEN (RFC 4271 section 6.2) beside this side's. */
sealed interface Negotiation {
  /** The session can come up. */
  record Agreed(Negotiated negotiated) implements Negotiation {}

  /** It cannot. */
  record Refused(Notification answer, String cause) implements Negotiation {}

  /** Whether the peer's OPEN is acceptable, and what then holds. */
  static Negotiation of(SessionConfig config, OptionalParameters parameters, Open open) {
    Optional<Malformed.SessionReset> wrong =
        OpenValidator.check(
            open,
            new OpenValidator.Expectation(config.localAsn(), config.routerId(), config.peerAsn()));
    if (wrong.isPresent()) {
      return new Refused(wrong.get().notification(), wrong.get().reason());
    }
    Open own = OwnOpen.of(config, parameters);
    Set<AddressFamily> families = families(own);
    families.retainAll(families(open));
    if (families.isEmpty()) {
      return new Refused(
          Notification.of(NotificationCode.UNSUPPORTED_CAPABILITY, wanted(config)),
          "no address family in common: this side wants "
              + config.families().stream()
                  .sorted()
                  .map(AddressFamily::toString)
                  .collect(Collectors.joining(", ")));
    }
    int hold = Math.min(config.holdSeconds(), open.holdTime());
    PeerRestart restart = restart(open);
    return new Agreed(
        new Negotiated(
            open.asn(),
            open.bgpIdentifier(),
            open.asn() == config.localAsn(),
            hold,
            hold == 0 ? 0 : Math.min(Math.max(1, config.keepAliveSeconds()), hold / 3),
            families,
            both(own, open, Capability.FourOctetAsn.class),
            open.announces(Capability.ExtendedMessage.class),
            extendedNextHop(own) && extendedNextHop(open),
            open.announces(Capability.RouteRefresh.class),
            both(own, open, Capability.EnhancedRouteRefresh.class),
            restart,
            helping(config, own, families, restart, open),
            parameters));
  }

  private static boolean both(Open own, Open peers, Class<? extends Capability> kind) {
    return own.announces(kind) && peers.announces(kind);
  }

  private static Set<AddressFamily> families(Open open) {
    Set<AddressFamily> announced = EnumSet.noneOf(AddressFamily.class);
    for (Capability capability : open.capabilities()) {
      if (capability instanceof Capability.Multiprotocol(var family)) {
        family.known().ifPresent(announced::add);
      }
    }
    if (!open.announces(Capability.Multiprotocol.class)) {
      // RFC 4760 section 8: a speaker without the capability speaks IPv4 unicast.
      announced.add(AddressFamily.IPV4_UNICAST);
    }
    return announced;
  }

  private static boolean extendedNextHop(Open open) {
    return open.capabilities().stream()
        .filter(Capability.ExtendedNextHop.class::isInstance)
        .flatMap(each -> ((Capability.ExtendedNextHop) each).entries().stream())
        .anyMatch(OwnOpen.IPV6_FOR_IPV4::equals);
  }

  private static PeerRestart restart(Open open) {
    // RFC 4724 section 3: of several, the last one counts.
    return open.capabilities().stream()
        .filter(Capability.GracefulRestart.class::isInstance)
        .map(Capability.GracefulRestart.class::cast)
        .reduce((_, last) -> last)
        .<PeerRestart>map(on ->
            new PeerRestart.On(
                on.restartTime(),
                on.restarting(),
                on.notification(),
                known(on, false),
                known(on, true)))
        .orElseGet(PeerRestart.Off::new);
  }

  private static Set<AddressFamily> known(Capability.GracefulRestart restart, boolean forwarding) {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    for (Capability.GracefulRestart.FamilyState entry : restart.families()) {
      if (entry.forwarding() || !forwarding) {
        entry.family().known().ifPresent(families::add);
      }
    }
    return families;
  }

  private static Helping helping(
      SessionConfig config, Open own, Set<AddressFamily> families, PeerRestart peer, Open open) {
    if (!own.announces(Capability.GracefulRestart.class)
        || !(config.restart() instanceof Restart.On ours)
        || !(peer instanceof PeerRestart.On theirs)) {
      return Helping.NONE;
    }
    Set<AddressFamily> kept = EnumSet.copyOf(families);
    kept.retainAll(theirs.families());
    Set<AddressFamily> forwarding = kept.isEmpty() ? kept : EnumSet.copyOf(kept);
    forwarding.retainAll(theirs.forwarding());
    return new Helping(
        Duration.ofSeconds(theirs.seconds()),
        theirs.notifications(),
        kept,
        forwarding,
        longLived(ours, kept, open));
  }

  // RFC 9494 section 4.5: the capability counts beside graceful restart only.
  private static Map<AddressFamily, Helping.LongLived> longLived(
      Restart.On ours, Set<AddressFamily> kept, Open open) {
    Map<AddressFamily, Helping.LongLived> longLived = new EnumMap<>(AddressFamily.class);
    for (Capability capability : open.capabilities()) {
      if (capability instanceof Capability.LongLivedGracefulRestart(var entries)) {
        for (Capability.LongLivedGracefulRestart.FamilyTime entry : entries) {
          int seconds = Math.min(entry.staleTime(), ours.longLived());
          entry
              .family()
              .known()
              .filter(family -> seconds > 0 && kept.contains(family))
              .ifPresent(family ->
                  longLived.put(
                      family,
                      new Helping.LongLived(Duration.ofSeconds(seconds), entry.forwarding())));
        }
      }
    }
    return longLived;
  }

  /** RFC 5492 section 5: the capabilities that are missing, as in an OPEN. */
  private static Bytes wanted(SessionConfig config) {
    byte[] data = new byte[config.families().size() * 6];
    int at = 0;
    for (AddressFamily family : config.families().stream().sorted().toList()) {
      data[at++] = 1;
      data[at++] = 4;
      data[at++] = (byte) (family.afi() >>> 8);
      data[at++] = (byte) family.afi();
      data[at++] = 0;
      data[at++] = (byte) family.safi();
    }
    return Bytes.of(data);
  }
}
