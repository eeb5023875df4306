package dev.peerage.bgp.wire;

import dev.peerage.bgp.wire.Malformed.AttributeDiscard;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the ASNs of AS4_PATH and AS4_AGGREGATOR back where a two-octet speaker had to write AS_TRANS
 * (RFC 6793 section 4.2.3). Works whatever the order of the attributes.
 */
final class FourOctetMerge {
  private final List<AsPath> as4Path = new ArrayList<>(0);
  private final List<PathAttribute.Aggregator> as4Aggregator = new ArrayList<>(0);

  /** Faults only cost the attribute itself (RFC 6793 section 6). */
  void add(AttributeType type, ByteBuf value, List<Malformed> problems) {
    if (type == AttributeType.AS4_PATH) {
      try {
        AsPath path = AsPathDecoder.decode(value, 4);
        as4Path.add(
            new AsPath(
                path.segments().stream()
                    .filter(segment -> !segment.kind().confederation())
                    .toList()));
      } catch (AsPathDecoder.BadPath e) {
        problems.add(
            new AttributeDiscard(
                type.code(), NotificationCode.OPTIONAL_ATTRIBUTE_ERROR, "AS4_PATH: " + e.reason()));
      }
    } else if (value.readableBytes() == 8 && value.getInt(value.readerIndex()) != 0) {
      as4Aggregator.add(
          new PathAttribute.Aggregator(value.readUnsignedInt(), Addresses.ipv4(value.readInt())));
    } else {
      problems.add(
          new AttributeDiscard(
              type.code(),
              NotificationCode.OPTIONAL_ATTRIBUTE_ERROR,
              "AS4_AGGREGATOR of " + value.readableBytes() + " bytes or with AS 0"));
    }
  }

  List<PathAttribute> apply(List<PathAttribute> attributes) {
    if (as4Path.isEmpty() && as4Aggregator.isEmpty()) {
      return attributes;
    }
    boolean stale =
        !as4Aggregator.isEmpty()
            && attributes.stream()
                .anyMatch(each ->
                    each instanceof PathAttribute.Aggregator(long asn, var _)
                        && asn != Open.AS_TRANS);
    if (stale) { // a two-octet speaker aggregated since: both attributes are out of date
      return attributes;
    }
    List<PathAttribute> result = new ArrayList<>(attributes.size());
    for (PathAttribute attribute : attributes) {
      result.add(
          switch (attribute) {
            case AsPath path when !as4Path.isEmpty() -> merge(path, as4Path.getFirst());
            case PathAttribute.Aggregator _ when !as4Aggregator.isEmpty() ->
                as4Aggregator.getFirst();
            default -> attribute;
          });
    }
    return result;
  }

  /**
   * The leading ASNs that AS4_PATH does not cover, then AS4_PATH. Of confederation segments only
   * those that lead or follow a whole segment taken stay.
   */
  private static AsPath merge(AsPath path, AsPath tail) {
    int leading = path.length() - tail.length();
    if (leading < 0) {
      return path;
    }
    List<AsPath.Segment> segments = new ArrayList<>();
    for (AsPath.Segment segment : path.segments()) {
      int counted =
          switch (segment.kind()) {
            case SEQUENCE -> segment.asns().size();
            case SET -> 1;
            case CONFED_SEQUENCE, CONFED_SET -> 0;
          };
      if (counted <= leading) {
        segments.add(segment);
        leading -= counted;
      } else if (leading > 0) {
        segments.add(new AsPath.Segment(segment.kind(), segment.asns().subList(0, leading)));
        break;
      } else {
        break;
      }
    }
    segments.addAll(tail.segments());
    return AsPath.joined(segments);
  }
}
