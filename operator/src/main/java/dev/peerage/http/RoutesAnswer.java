package dev.peerage.http;

import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.WellKnownCommunity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The looking glass's answer to {@code GET /routes/…}.
 *
 * @param routes by instance, then peer, then prefix
 */
public record RoutesAnswer(List<Route> routes) {
  public RoutesAnswer {
    routes = List.copyOf(routes);
  }

  /**
   * One route.
   *
   * @param instance the instance whose table it is in
   * @param peer the name of the peer that it came from or goes to; absent for local routes
   * @param prefix the destination
   * @param nextHop {@code 0.0.0.0} or {@code ::} for local routes
   * @param ageSeconds how long the prefix has been in the table
   * @param origin {@code i}, {@code e} or {@code ?}
   * @param asPath as routers print it; empty for local routes
   * @param med MULTI_EXIT_DISC, when present
   * @param localPreference LOCAL_PREF, when present
   * @param communities RFC 1997, for example {@code 65000:1}
   * @param largeCommunities RFC 8092, for example {@code 65000:1:2}
   * @param selection {@code best}, {@code multipath}, {@code valid} or {@code rejected}; {@code
   *     not-kept} where the attributes are missing, for want of room
   * @param rejection why it may not be used; absent when it may
   */
  public record Route(
      String instance,
      long localASN,
      @Nullable String peer,
      @Nullable String peerAddress,
      String prefix,
      String nextHop,
      long ageSeconds,
      String origin,
      String asPath,
      @Nullable Long med,
      @Nullable Long localPreference,
      List<String> communities,
      List<String> largeCommunities,
      String selection,
      @Nullable String rejection) {

    private static final String NOT_KEPT = "not-kept";

    public Route {
      communities = List.copyOf(communities);
      largeCommunities = List.copyOf(largeCommunities);
    }

    /**
     * Describes a route.
     *
     * @param peerAddress the address of the route's peer; absent for local routes
     * @param now for the age
     */
    public static Route of(
        String instance, long localAsn, @Nullable String peerAddress, RouteView view, Instant now) {
      return new Route(
          instance,
          localAsn,
          view.peer().isEmpty() ? null : view.peer(),
          peerAddress,
          IpText.of(view.prefix().address()) + "/" + view.prefix().length(),
          view.nextHopText(),
          Math.max(0, Duration.between(view.since(), now).toSeconds()),
          view.origin().symbol(),
          view.asPath(),
          view.med() < 0 ? null : view.med(),
          view.localPref() < 0 ? null : view.localPref(),
          view.communities().stream().map(Community::toString).toList(),
          view.largeCommunities().stream().map(LargeCommunity::toString).toList(),
          switch (view.selection()) {
            case BEST -> "best";
            case MULTIPATH -> "multipath";
            case VALID -> "valid";
            case REJECTED -> "rejected";
            case NOT_KEPT -> NOT_KEPT;
          },
          view.rejection().isEmpty() ? null : view.rejection());
    }

    /** What became of it, in words: the selection, and why it is rejected. */
    public String fate() {
      return rejection == null ? selection : selection + ": " + rejection;
    }

    /** A community as people know it: those in IANA's registry by their name. */
    private static String name(String community) {
      return WellKnownCommunity.of(Community.parse(community).value())
          .map(WellKnownCommunity::text)
          .orElse(community);
    }

    /** The attributes as Cilium's tables show them. */
    public String attributes() {
      if (selection.equals(NOT_KEPT)) {
        return "[attributes not kept: the peer sent more than there is room for]";
      }
      StringBuilder text = new StringBuilder("[{Origin: ").append(origin).append('}');
      if (peer != null) {
        text.append(" {AsPath: ").append(asPath).append('}');
      }
      text.append(" {Nexthop: ").append(nextHop).append('}');
      if (med != null) {
        text.append(" {Med: ").append(med).append('}');
      }
      if (localPreference != null) {
        text.append(" {LocalPref: ").append(localPreference).append('}');
      }
      if (!communities.isEmpty()) {
        text.append(" {Communities: ")
            .append(communities.stream().map(Route::name).collect(Collectors.joining(", ")))
            .append('}');
      }
      if (!largeCommunities.isEmpty()) {
        text.append(" {LargeCommunity: [ ")
            .append(String.join(", ", largeCommunities))
            .append("]}");
      }
      return text.append(']').toString();
    }
  }
}
