package dev.peerage.bgp.session;

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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Builds this side's OPEN and judges the peer's (RFC 4271 sections 4.2 and 6.2). */
sealed interface Negotiation {
  /** The session can come up. */
  record Agreed(Negotiated negotiated) implements Negotiation {}

  /** It cannot. */
  record Refused(Notification answer, String cause) implements Negotiation {}

  /** This side's OPEN. */
  static Open open(SessionConfig config) {
    List<AddressFamily> families = config.families().stream().sorted().toList();
    List<Capability> capabilities = new ArrayList<>();
    families.forEach(family -> capabilities.add(Capability.Multiprotocol.of(family)));
    capabilities.add(new Capability.RouteRefresh());
    capabilities.add(new Capability.ExtendedMessage());
    if (config.restart() instanceof Restart.On(var seconds, var restarting)) {
      // Forwarding never stops with this process: the kernel's tables stay. But the F bit only
      // means something to the peer after a restart (RFC 4724 section 3).
      capabilities.add(
          new Capability.GracefulRestart(
              restarting,
              true,
              seconds,
              families.stream()
                  .map(Capability.Family::of)
                  .map(family -> new Capability.GracefulRestart.FamilyState(family, restarting))
                  .toList()));
    }
    capabilities.add(new Capability.FourOctetAsn(config.localAsn()));
    if (!config.hostName().isEmpty()) {
      capabilities.add(new Capability.Fqdn(config.hostName(), ""));
    }
    return new Open(config.localAsn(), config.holdSeconds(), config.routerId(), capabilities);
  }

  /** Whether the peer's OPEN is acceptable, and what then holds. */
  static Negotiation of(SessionConfig config, Open open) {
    Optional<Malformed.SessionReset> wrong =
        OpenValidator.check(
            open,
            new OpenValidator.Expectation(config.localAsn(), config.routerId(), config.peerAsn()));
    if (wrong.isPresent()) {
      return new Refused(wrong.get().notification(), wrong.get().reason());
    }
    Set<AddressFamily> families = common(config, open);
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
    return new Agreed(
        new Negotiated(
            open.asn(),
            open.bgpIdentifier(),
            open.asn() == config.localAsn(),
            hold,
            hold == 0 ? 0 : Math.min(Math.max(1, config.keepAliveSeconds()), hold / 3),
            families,
            open.announces(Capability.FourOctetAsn.class),
            open.announces(Capability.ExtendedMessage.class),
            open.announces(Capability.RouteRefresh.class),
            restart(open)));
  }

  private static Set<AddressFamily> common(SessionConfig config, Open open) {
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
    announced.retainAll(config.families());
    return announced;
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
