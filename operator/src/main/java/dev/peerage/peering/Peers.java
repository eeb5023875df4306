package dev.peerage.peering;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.Endpoint;
import dev.peerage.bgp.speaker.Endpoint.Source;
import dev.peerage.bgp.speaker.SessionTerms;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.crd.v2.CiliumBGPNodeConfigSpec.Peer;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.ResolvedInstance.ResolvedPeer;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Resolves one peer at a time: its addresses, its peer config, its advertisements. */
public final class Peers {
  private final Map<String, CiliumBGPPeerConfig> peerConfigs = new HashMap<>();
  private final Passwords passwords;
  private final PeerAddresses addresses;
  private final SelectedAdvertisements advertisements;
  private final Collection<Problem> problems;

  Peers(NodeSnapshot snapshot, Collection<Problem> problems) {
    snapshot
        .peerConfigs()
        .forEach(config -> peerConfigs.put(config.getMetadata().getName(), config));
    this.passwords = snapshot.context().passwords();
    this.addresses = new PeerAddresses(snapshot.context().host(), problems);
    this.advertisements = new SelectedAdvertisements(snapshot.advertisements(), problems);
    this.problems = problems;
  }

  /** Throws {@link InvalidFieldException} when the peer must not be configured. */
  ResolvedPeer resolve(Peer peer, FieldPath path) throws InvalidFieldException {
    InetAddress address = addresses.of(peer, path);
    long asn = asn(peer, path);
    if (peer.peerConfigRef() == null) {
      Source source = addresses.source(peer, address, path, null, path);
      return resolved(
          peer, address, source, asn, PeerSettings.DEFAULT, false, SelectedAdvertisements.NONE);
    }
    CiliumBGPPeerConfig config = peerConfigs.get(peer.peerConfigRef().name());
    if (config == null) {
      throw path.at("peerConfigRef.name")
          .invalid(
              "there is no CiliumBGPPeerConfig '"
                  + peer.peerConfigRef().name()
                  + "'; the peer is not configured until there is",
              "create it or correct the name");
    }
    var spec =
        new FieldPath(
            ObjectRef.ofCluster("CiliumBGPPeerConfig", config.getMetadata().getName()), "spec");
    PeerSettings settings = PeerSettings.of(config.getSpec(), passwords, spec, problems);
    Source source =
        addresses.source(
            peer,
            address,
            path,
            config.getSpec().transport().sourceInterface(),
            spec.at("transport.sourceInterface"));
    return resolved(
        peer, address, source, asn, settings, true, advertisements.of(config.getSpec(), spec));
  }

  private static ResolvedPeer resolved(
      Peer peer,
      InetAddress address,
      Source source,
      long asn,
      PeerSettings settings,
      boolean hasConfig,
      Map<AddressFamily, List<AdvertisementItem>> advertisements) {
    return new ResolvedPeer(
        new DesiredPeer(
            peer.name(),
            asn,
            new Endpoint(
                address,
                settings.port(),
                source,
                Endpoint.Connection.BOTH,
                new Endpoint.Hops.Ttl(settings.ttl()),
                settings.authentication()),
            new SessionTerms(
                settings.timers(), settings.gracefulRestart(), advertisements.keySet()),
            DesiredPeer.ImportPolicy.REJECT,
            new ExportPolicy.Statements("peer-" + peer.name() + "-export", List.of())),
        hasConfig,
        advertisements);
  }

  private static long asn(Peer peer, FieldPath path) throws InvalidFieldException {
    Long asn = peer.peerASN();
    if (asn == null) {
      return 0; // the default: whatever the peer announces
    }
    if (asn < 0 || asn > 0xffff_ffffL) {
      throw path.at("peerASN")
          .invalid(
              asn + " is not in 0..4294967295; the peer is not configured",
              "set the peer's ASN, or 0 to accept any");
    }
    return asn;
  }
}
