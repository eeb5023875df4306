package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.Malformed.AttributeDiscard;
import dev.peerage.bgp.wire.Malformed.TreatAsWithdraw;
import dev.peerage.bgp.wire.PathAttribute.MpReach;
import java.util.ArrayList;
import java.util.List;

/** Checks an UPDATE against what is known of the session (RFC 4271 section 6.3, RFC 7606). Pure. */
public final class UpdateValidator {
  private static final List<AttributeType> INTERNAL_ONLY =
      List.of(AttributeType.LOCAL_PREF, AttributeType.ORIGINATOR_ID, AttributeType.CLUSTER_LIST);

  private UpdateValidator() {}

  /**
   * What is known of the session.
   *
   * @param external whether the peer is in another AS
   * @param peerAsn the peer's ASN
   * @param loopback whether next hops may be loopback addresses, because these stand for others
   */
  public record Session(boolean external, long peerAsn, boolean loopback) {
    /** Of real addresses. */
    public Session(boolean external, long peerAsn) {
      this(external, peerAsn, false);
    }
  }

  /**
   * The update with the problems that only the session's facts reveal, and without the attributes
   * that the peer had no business to send.
   *
   * @throws MalformedMessageException when the message must end the session
   */
  public static Update validate(Update update, Session session) throws MalformedMessageException {
    List<Malformed> problems = new ArrayList<>(update.problems());
    PrefixList announced = unicast(update.announced(), problems);
    PathAttributes attributes = update.attributes();
    MpReach reach = attributes.find(MpReach.class).orElse(null);
    if (reach != null) {
      PrefixList kept = unicast(reach.prefixes(), problems);
      if (kept != reach.prefixes()) {
        attributes = attributes.with(new MpReach(reach.nextHop(), kept));
      }
    }
    if (session.external()) {
      attributes = withoutInternal(attributes, problems);
    }
    boolean announces =
        !announced.isEmpty()
            || attributes
                .find(MpReach.class)
                .filter(each -> !each.prefixes().isEmpty())
                .isPresent();
    boolean withdraw = problems.stream().anyMatch(TreatAsWithdraw.class::isInstance);
    if (announces && !withdraw) {
      missing(announced, attributes, session, problems);
      path(attributes.asPath(), session, problems);
      if (!session.loopback()) {
        loopback(announced, attributes, problems);
      }
    }
    if (withdraw && !announces && !ignoredRoutes(problems)) {
      // RFC 7606 section 5.2: there may have been routes, and nobody knows which.
      TreatAsWithdraw problem =
          problems.stream()
              .filter(TreatAsWithdraw.class::isInstance)
              .map(TreatAsWithdraw.class::cast)
              .findFirst()
              .orElseThrow();
      throw MalformedMessageException.of(
          problem.code(), problem.reason() + ", in an UPDATE without routes");
    }
    return problems.isEmpty()
        ? update
        : new Update(update.withdrawn(), attributes, announced, problems);
  }

  /**
   * RFC 4271 section 6.3: a multicast prefix among unicast routes is logged and ignored.
   *
   * @return the same list when there is none
   */
  private static PrefixList unicast(PrefixList prefixes, List<Malformed> problems) {
    int first = prefixes.firstMulticast();
    if (first < 0) {
      return prefixes;
    }
    problems.add(
        new Malformed.PrefixIgnored("multicast prefix " + prefixes.prefix(first) + " as a route"));
    return prefixes.withoutMulticast();
  }

  /** RFC 7606 sections 7.5, 7.9, 7.10: from an external peer they are discarded, good or bad. */
  private static PathAttributes withoutInternal(
      PathAttributes attributes, List<Malformed> problems) {
    problems.replaceAll(problem ->
        problem instanceof TreatAsWithdraw(int attribute, NotificationCode code, String reason)
                && code != NotificationCode.MALFORMED_ATTRIBUTE_LIST
                && INTERNAL_ONLY.stream().anyMatch(type -> type.code() == attribute)
            ? new AttributeDiscard(attribute, code, reason)
            : problem);
    List<PathAttribute> kept = new ArrayList<>(attributes.asList());
    for (AttributeType type : INTERNAL_ONLY) {
      if (kept.removeIf(attribute -> attribute.typeCode() == type.code())) {
        problems.add(
            new AttributeDiscard(
                type.code(),
                NotificationCode.OPTIONAL_ATTRIBUTE_ERROR,
                type + " from an external peer"));
      }
    }
    return kept.size() == attributes.asList().size()
        ? attributes
        : PathAttributes.of(kept).withPartialOf(attributes);
  }

  /** RFC 7606 section 3 (d). */
  private static void missing(
      PrefixList announced, PathAttributes attributes, Session session, List<Malformed> problems) {
    require(AttributeType.ORIGIN, attributes, problems);
    require(AttributeType.AS_PATH, attributes, problems);
    if (!announced.isEmpty()) {
      require(AttributeType.NEXT_HOP, attributes, problems);
    }
    if (!session.external()) {
      require(AttributeType.LOCAL_PREF, attributes, problems);
    }
  }

  private static void require(
      AttributeType type, PathAttributes attributes, List<Malformed> problems) {
    if (!attributes.has(type.code())) {
      problems.add(
          new TreatAsWithdraw(
              type.code(),
              NotificationCode.MISSING_WELL_KNOWN_ATTRIBUTE,
              "routes without " + type));
    }
  }

  /**
   * RFC 4271 section 6.3: a next hop is the address of a host that others can reach. A loopback
   * address is none. Of NEXT_HOP this is asked only beside classic routes (RFC 4760 section 3).
   */
  private static void loopback(
      PrefixList announced, PathAttributes attributes, List<Malformed> problems) {
    attributes
        .find(PathAttribute.NextHop.class)
        .filter(each -> !announced.isEmpty() && each.address().isLoopbackAddress())
        .ifPresent(each ->
            problems.add(
                new TreatAsWithdraw(
                    AttributeType.NEXT_HOP.code(),
                    NotificationCode.INVALID_NEXT_HOP_ATTRIBUTE,
                    "NEXT_HOP " + IpText.of(each.address()) + ", a loopback address")));
    attributes
        .find(MpReach.class)
        .filter(each -> !each.prefixes().isEmpty() && each.nextHop().isLoopbackAddress())
        .ifPresent(each ->
            problems.add(
                new TreatAsWithdraw(
                    AttributeType.MP_REACH_NLRI.code(),
                    NotificationCode.OPTIONAL_ATTRIBUTE_ERROR,
                    "MP_REACH_NLRI with next hop "
                        + IpText.of(each.nextHop())
                        + ", a loopback address")));
  }

  private static void path(AsPath path, Session session, List<Malformed> problems) {
    String reason = "";
    if (path.hasSet()) { // RFC 9774 section 3
      reason = "AS_PATH '" + path.text() + "' with an AS_SET or AS_CONFED_SET";
    } else if (!session.external()) {
      return;
    } else if (path.hasConfederation()) { // RFC 5065 section 5.3
      reason = "AS_PATH with a confederation segment from outside";
    } else if (path.neighborAsn() == 0) {
      // RFC 4271 section 6.3. With another AS in front the RIB keeps the route and does not use it,
      // for whether the peer is a route server (RFC 7947) may change while the session is up.
      reason = "AS_PATH '" + path.text() + "' does not begin with AS " + session.peerAsn();
    }
    if (!reason.isEmpty()) {
      problems.add(
          new TreatAsWithdraw(
              AttributeType.AS_PATH.code(), NotificationCode.MALFORMED_AS_PATH, reason));
    }
  }

  private static boolean ignoredRoutes(List<Malformed> problems) {
    return problems.stream()
        .anyMatch(problem ->
            problem instanceof Malformed.PrefixIgnored
                || problem instanceof AttributeDiscard(int attribute, var _, var _)
                    && (attribute == 0 || attribute == AttributeType.MP_REACH_NLRI.code()));
  }
}
