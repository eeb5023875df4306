package dev.peerage.peering;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.Endpoint.Authentication;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Peer;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfigSpec;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.ResolvedInstance.ResolvedPeer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Resolves one peer at a time: its addresses, its peer config, its advertisements. What of it
 * cannot be used goes on as it last was, but for its password.
 */
public final class Peers {
  private final Map<String, CiliumBGPPeerConfig> peerConfigs = new HashMap<>();
  private final Passwords passwords;
  private final PeerAddresses addresses;
  private final SelectedAdvertisements advertisements;
  private final List<InetAddress> ownAddresses;
  private final String nodeName;
  private final Set<InetAddress> own = new HashSet<>();
  private final Collection<Problem> problems;

  Peers(NodeSnapshot snapshot, Collection<Problem> problems) {
    snapshot
        .peerConfigs()
        .forEach(config -> peerConfigs.put(config.getMetadata().getName(), config));
    this.passwords = snapshot.context().passwords();
    this.addresses = new PeerAddresses(snapshot.context().host(), problems);
    this.advertisements = new SelectedAdvertisements(snapshot.advertisements(), problems);
    this.ownAddresses = NodeAddresses.internal(snapshot.node());
    this.nodeName = snapshot.node().getMetadata().getName();
    own.addAll(NodeAddresses.all(snapshot.node()));
    snapshot.context().host().links().forEach(link -> own.addAll(link.addresses()));
    this.problems = problems;
  }

  /** A peer as it can run, and what of it can go on after an edit that makes it unusable. */
  record Resolved(ResolvedPeer peer, LastUsable.Peer usable) {
    /** The same at the address of another state of the peer. */
    Resolved at(LastUsable.Peer other) {
      return new Resolved(
          new ResolvedPeer(
              peer.settings()
                  .withEndpoint(endpoint ->
                      new Endpoint(
                          other.address(),
                          endpoint.port(),
                          other.source(),
                          endpoint.connection(),
                          endpoint.hops(),
                          endpoint.authentication())),
              peer.hasConfig(),
              peer.advertisements()),
          new LastUsable.Peer(
              other.written(), usable.asn(), other.address(), other.source(), usable.config()));
    }
  }

  /** Where a peer is, and where its session starts from. */
  private record Ends(Peer written, InetAddress address, Source source) {}

  /** What the peer config says. */
  private record Terms(
      Optional<LastUsable.Config> config,
      PeerSettings settings,
      Map<AddressFamily, List<AdvertisementItem>> advertisements) {}

  /**
   * Resolves a peer. Throws {@link InvalidFieldException} when it must not be configured.
   *
   * @param last what could be used of it last; empty when it did not run
   */
  Resolved resolve(Peer peer, FieldPath path, Optional<LastUsable.Peer> last)
      throws InvalidFieldException {
    Terms terms = terms(config(peer, path, last), last);
    Ends ends = ends(peer, path, terms.config(), last);
    if (isOwn(ends.address())) {
      throw path.at("peerAddress")
          .own(
              IpText.of(ends.address()) + " is an address of node " + nodeName + " itself",
              "the peer is left out there",
              "nothing has to be done where all nodes are listed as peers of each other");
    }
    long asn = asn(peer, path, last);
    return new Resolved(
        new ResolvedPeer(
            settings(peer.name(), asn, ends, terms),
            terms.config().isPresent(),
            terms.advertisements()),
        new LastUsable.Peer(ends.written(), asn, ends.address(), ends.source(), terms.config()));
  }

  /** Loopback addresses are no node's own: another router may run beside the agent. */
  private boolean isOwn(InetAddress address) {
    return !address.isLoopbackAddress() && own.contains(address);
  }

  private DesiredPeer settings(String name, long asn, Ends ends, Terms terms) {
    PeerSettings settings = terms.settings();
    return new DesiredPeer(
            name,
            asn,
            new Endpoint(
                ends.address(),
                settings.port(),
                ends.source(),
                Endpoint.Connection.BOTH,
                new Endpoint.Hops.Ttl(settings.ttl()),
                settings.authentication()),
            new SessionTerms(
                settings.timers(), settings.gracefulRestart(), terms.advertisements().keySet()),
            DesiredPeer.ImportPolicy.REJECT,
            new ExportPolicy.Statements("peer-" + name + "-export", List.of()))
        .withOwnAddresses(ownAddresses);
  }

  private Optional<LastUsable.Config> config(
      Peer peer, FieldPath path, Optional<LastUsable.Peer> last) throws InvalidFieldException {
    if (peer.peerConfigRef() == null) {
      return Optional.empty();
    }
    String name = peer.peerConfigRef().name();
    CiliumBGPPeerConfig config = peerConfigs.get(name);
    if (config != null) {
      return Optional.of(new LastUsable.Config(name, config.getSpec()));
    }
    InvalidFieldException missing =
        path.at("peerConfigRef.name")
            .invalid(
                "there is no CiliumBGPPeerConfig '" + name + "'",
                "the peer is not configured until there is",
                "create it or correct the name");
    LastUsable.Peer before = last.orElseThrow(() -> missing);
    problems.add(missing.goesOn("the peer goes on as it was configured last"));
    return before.config();
  }

  /** The password comes first: nothing goes on without the one that is asked for now. */
  private Terms terms(Optional<LastUsable.Config> config, Optional<LastUsable.Peer> last)
      throws InvalidFieldException {
    if (config.isEmpty()) {
      return new Terms(config, PeerSettings.DEFAULT, SelectedAdvertisements.NONE);
    }
    Authentication authentication = authentication(config.get(), last.isPresent());
    Optional<LastUsable.Config> before = last.flatMap(LastUsable.Peer::config);
    try {
      return terms(config.get(), authentication, problems);
    } catch (InvalidFieldException e) {
      if (last.isEmpty()) {
        throw e;
      }
      problems.add(e.goesOn("the peers that use it go on as they were configured last"));
      return before.isPresent()
          ? terms(before.get(), authentication, new ArrayList<>())
          : new Terms(
              before, PeerSettings.DEFAULT.with(authentication), SelectedAdvertisements.NONE);
    }
  }

  private Terms terms(
      LastUsable.Config config, Authentication authentication, Collection<Problem> ofConfig)
      throws InvalidFieldException {
    CiliumBGPPeerConfigSpec spec = config.spec();
    FieldPath path = path(config);
    return new Terms(
        Optional.of(config),
        PeerSettings.of(spec, authentication, path),
        advertisements.of(
            spec, path, peerConfigs.containsKey(config.name()) ? ofConfig : new ArrayList<>()));
  }

  private Authentication authentication(LastUsable.Config config, boolean runs)
      throws InvalidFieldException {
    try {
      return PeerSettings.authentication(config.spec(), passwords, path(config), problems);
    } catch (InvalidFieldException e) {
      if (!runs) {
        throw e;
      }
      problems.add(
          e.problem(
              "the peers that use it have no session until there is one, because they must not be"
                  + " dialed without it"));
      return new Authentication.Withheld();
    }
  }

  private static FieldPath path(LastUsable.Config config) {
    return new FieldPath(ObjectRef.ofCluster("CiliumBGPPeerConfig", config.name()), "spec");
  }

  private Ends ends(
      Peer peer, FieldPath path, Optional<LastUsable.Config> config, Optional<LastUsable.Peer> last)
      throws InvalidFieldException {
    try {
      InetAddress address = addresses.of(peer, path);
      Optional<Source> asBefore =
          last.filter(it -> config.isPresent() && !isCurrent(config.get()))
              .filter(it -> it.address().equals(address) && it.startsAs(peer))
              .map(LastUsable.Peer::source);
      return new Ends(
          peer,
          address,
          asBefore.isPresent() ? asBefore.get() : source(peer, path, address, config));
    } catch (InvalidFieldException e) {
      // What the host no longer has is no edit: the peer is gone from there.
      LastUsable.Peer before =
          last.filter(it -> !it.isFoundAs(peer) || isAbout(e, "localAddress")).orElseThrow(() -> e);
      problems.add(e.goesOn("the peer goes on at " + IpText.of(before.address())));
      return new Ends(before.written(), before.address(), before.source());
    }
  }

  private Source source(
      Peer peer, FieldPath path, InetAddress address, Optional<LastUsable.Config> config)
      throws InvalidFieldException {
    return config.isPresent()
        ? addresses.source(
            peer,
            address,
            path,
            config.get().spec().transport().sourceInterface(),
            path(config.get()).at("transport.sourceInterface"))
        : addresses.source(peer, address, path, null, path);
  }

  /** Whether a peer config says this now; the links of others are not looked at. */
  private boolean isCurrent(LastUsable.Config config) {
    CiliumBGPPeerConfig now = peerConfigs.get(config.name());
    return now != null && now.getSpec().equals(config.spec());
  }

  private static boolean isAbout(InvalidFieldException e, String field) {
    return e.problem().field().endsWith("." + field);
  }

  private long asn(Peer peer, FieldPath path, Optional<LastUsable.Peer> last)
      throws InvalidFieldException {
    Long asn = peer.peerASN();
    if (asn == null) {
      return 0; // the default: whatever the peer announces
    }
    if (asn < 0 || asn > 0xffff_ffffL) {
      InvalidFieldException e =
          path.at("peerASN")
              .invalid(
                  asn + " is not in 0..4294967295",
                  "the peer is not configured",
                  "set the peer's ASN, or 0 to accept any");
      long before = last.orElseThrow(() -> e).asn();
      problems.add(e.goesOn("the peer goes on with " + before));
      return before;
    }
    return asn;
  }
}
