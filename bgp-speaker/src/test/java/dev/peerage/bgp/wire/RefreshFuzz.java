package dev.peerage.bgp.wire;

/** Any bytes as ROUTE-REFRESH. */
public final class RefreshFuzz {
  private RefreshFuzz() {}

  /** Called by Jazzer and by the replay of the corpus. */
  public static void fuzzerTestOneInput(byte[] input) {
    CodecContext context = FuzzInput.context(input);
    try {
      RouteRefresh refresh =
          (RouteRefresh)
              MessageCodec.decode(FuzzInput.message(MessageType.ROUTE_REFRESH, input), context);
      boolean marker =
          refresh.subtype() == RouteRefresh.BEGIN || refresh.subtype() == RouteRefresh.END;
      if (marker && input.length != 5) { // RFC 7313 section 5
        throw new AssertionError(input.length - 1 + " bytes became " + refresh);
      }
      FuzzInput.roundTrip(refresh, context);
    } catch (MalformedMessageException e) {
      FuzzInput.roundTrip(e.error().notification(), FuzzInput.roomy(context));
    }
  }
}
