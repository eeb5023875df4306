package dev.peerage.peering;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.peering.Problem.ObjectRef;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What every node finds wrong with the peer configs and advertisements, whether a peer uses them or
 * not. Pure.
 */
public final class Review {
  private Review() {}

  /**
   * The problems, each once.
   *
   * @param passwords what the Secrets hold; empty when that is not known, which is no problem of
   *     the peer configs
   */
  public static List<Problem> problems(
      Collection<CiliumBGPPeerConfig> peerConfigs,
      Collection<CiliumBGPAdvertisement> advertisements,
      Optional<Passwords> passwords) {
    List<CiliumBGPAdvertisement> all = List.copyOf(advertisements);
    Set<Problem> problems = new LinkedHashSet<>();
    Offers offers = new Offers(all, problems);
    for (CiliumBGPPeerConfig config : peerConfigs) {
      Place spec =
          new Place(
              ObjectRef.ofCluster("CiliumBGPPeerConfig", config.getMetadata().getName()), "spec");
      try {
        var _ = offers.of(config.getSpec(), spec);
      } catch (Unusable e) {
        problems.add(e.problem());
      }
      try {
        if (passwords.isPresent() || config.getSpec().authSecretRef() == null) {
          var _ =
              PeerSettings.of(config.getSpec(), passwords.orElse(Passwords.NONE), spec, problems);
        }
      } catch (Unusable e) {
        problems.add(e.problem());
      }
    }
    problems.addAll(Offers.unmatched(all, List.copyOf(peerConfigs)));
    return List.copyOf(problems);
  }
}
