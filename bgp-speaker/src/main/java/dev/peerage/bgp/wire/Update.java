package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.PathAttribute.MpReach;
import dev.peerage.bgp.wire.PathAttribute.MpUnreach;
import dev.peerage.bgp.wire.PathAttribute.NextHop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * UPDATE (RFC 4271 section 4.3).
 *
 * @param withdrawn the IPv4 withdrawals of the classic field
 * @param attributes all path attributes, MP_REACH_NLRI and MP_UNREACH_NLRI included
 * @param announced the IPv4 routes of the classic field
 * @param problems what decoding and validation objected to; none of them a session reset
 */
public record Update(
    PrefixList withdrawn, PathAttributes attributes, PrefixList announced, List<Malformed> problems)
    implements Message {

  private static final PrefixList NO_IPV4 = PrefixList.empty(AddressFamily.IPV4_UNICAST);

  /** Copies the list; the classic fields carry IPv4 only. */
  public Update {
    problems = List.copyOf(problems);
    if (withdrawn.family() != AddressFamily.IPV4_UNICAST
        || announced.family() != AddressFamily.IPV4_UNICAST) {
      throw new IllegalArgumentException("the classic fields of an UPDATE carry IPv4 only");
    }
  }

  /** Without problems. */
  public Update(PrefixList withdrawn, PathAttributes attributes, PrefixList announced) {
    this(withdrawn, attributes, announced, List.of());
  }

  /** The End-of-RIB marker of a family (RFC 4724 section 2). */
  public static Update endOfRib(AddressFamily family) {
    return switch (family) {
      case IPV4_UNICAST -> new Update(NO_IPV4, PathAttributes.NONE, NO_IPV4);
      case IPV6_UNICAST ->
          new Update(NO_IPV4, PathAttributes.of(new MpUnreach(PrefixList.empty(family))), NO_IPV4);
    };
  }

  /**
   * The family whose End-of-RIB marker this is. A message with problems is none (it could only look
   * like one).
   */
  public Optional<AddressFamily> endOfRib() {
    if (!problems.isEmpty() || !withdrawn.isEmpty() || !announced.isEmpty()) {
      return Optional.empty();
    }
    if (attributes.isEmpty()) {
      return Optional.of(AddressFamily.IPV4_UNICAST);
    }
    return attributes.asList().size() == 1
            && attributes.asList().getFirst() instanceof MpUnreach(PrefixList prefixes)
            && prefixes.isEmpty()
        ? Optional.of(prefixes.family())
        : Optional.empty();
  }

  /** Routes that become reachable, with their shared attributes. */
  public record Announcement(PathAttributes attributes, PrefixList prefixes) {}

  /**
   * The withdrawals in effect; with a problem that demands it, the announced routes too (RFC 7606).
   */
  public List<PrefixList> withdrawals() {
    List<PrefixList> result = new ArrayList<>(4);
    add(result, withdrawn);
    attributes.find(MpUnreach.class).ifPresent(unreach -> add(result, unreach.prefixes()));
    if (treatAsWithdraw()) {
      add(result, announced);
      attributes.find(MpReach.class).ifPresent(reach -> add(result, reach.prefixes()));
    }
    return result;
  }

  private static void add(List<PrefixList> lists, PrefixList list) {
    if (!list.isEmpty()) {
      lists.add(list);
    }
  }

  /**
   * The announcements in effect, each with its next hop as {@link NextHop} and without the MP
   * attributes; to be applied after {@link #withdrawals()}.
   */
  public List<Announcement> announcements() {
    if (treatAsWithdraw()) {
      return List.of();
    }
    List<Announcement> result = new ArrayList<>(2);
    Optional<MpReach> reach = attributes.find(MpReach.class);
    if (!announced.isEmpty() || reach.isPresent()) {
      PathAttributes shared = attributes.without(MpUnreach.class).without(MpReach.class);
      if (!announced.isEmpty()) {
        result.add(new Announcement(shared, announced));
      }
      reach
          .filter(each -> !each.prefixes().isEmpty())
          .ifPresent(each ->
              result.add(
                  new Announcement(shared.with(new NextHop(each.nextHop())), each.prefixes())));
    }
    return result;
  }

  /** Whether the announced routes count as withdrawn. */
  public boolean treatAsWithdraw() {
    return problems.stream().anyMatch(Malformed.TreatAsWithdraw.class::isInstance);
  }

  @Override
  public MessageType type() {
    return MessageType.UPDATE;
  }
}
