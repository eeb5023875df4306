package dev.peerage.announce;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.peering.Offer;
import dev.peerage.peering.ResolvedInstance;
import dev.peerage.peering.ResolvedInstance.ResolvedPeer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which peers are told the same, because the same advertisements reach them. What is decided for
 * one of them holds for all, so that it is decided and kept once, and the speaker can see at a
 * glance that their policies are equal.
 */
public final class Audiences {
  /** A peer of an instance. */
  record Member(String instance, String peer) {}

  /** All that decides what a peer is told. */
  private record Reached(boolean hasConfig, Map<AddressFamily, List<Offer>> offers) {}

  private final List<ResolvedInstance> speakers = new ArrayList<>();
  private final Map<Member, Member> speakerOf = new LinkedHashMap<>();

  Audiences(List<ResolvedInstance> instances) {
    Map<Reached, Member> first = new HashMap<>();
    for (ResolvedInstance instance : instances) {
      List<ResolvedPeer> speaking = new ArrayList<>();
      for (ResolvedPeer peer : instance.peers()) {
        Member member = new Member(instance.name(), peer.name());
        Member speaker =
            first.computeIfAbsent(new Reached(peer.hasConfig(), peer.offers()), _ -> member);
        speakerOf.put(member, speaker);
        if (speaker.equals(member)) {
          speaking.add(peer);
        }
      }
      speakers.add(instance.withPeers(speaking));
    }
  }

  /** The instances with the first peer of each audience only; decisions are made for these. */
  List<ResolvedInstance> speakers() {
    return speakers;
  }

  /** The peers, each with the one that decisions about it are made for. */
  Map<Member, Member> members() {
    return speakerOf;
  }

  /** The decisions about all peers, by instance and peer, out of those made for speakers. */
  Stream<Decision> spread(List<Decision> decisions) {
    return speakerOf.entrySet().stream()
        .flatMap(entry -> {
          Member member = entry.getKey();
          Member speaker = entry.getValue();
          return decisions.stream()
              .filter(decision ->
                  decision.peer().equals(speaker.peer())
                      && decision.instance().equals(speaker.instance()))
              .map(decision ->
                  member.equals(speaker)
                      ? decision
                      : new Decision(
                          member.instance(),
                          member.peer(),
                          decision.subject(),
                          decision.prefix(),
                          decision.outcome()));
        });
  }
}
