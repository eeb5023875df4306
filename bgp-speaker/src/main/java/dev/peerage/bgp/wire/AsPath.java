package dev.peerage.bgp.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * AS_PATH (RFC 4271 section 4.3).
 *
 * @param segments the neighbor's end first
 */
public record AsPath(List<Segment> segments) implements PathAttribute {
  /** The path of a route that has not left its AS. */
  public static final AsPath EMPTY = new AsPath(List.of());

  /** Copies the list. */
  public AsPath {
    segments = List.copyOf(segments);
  }

  /** What a segment's ASNs are to each other. */
  public enum Kind {
    SET(1),
    SEQUENCE(2),
    CONFED_SEQUENCE(3), // RFC 5065
    CONFED_SET(4);

    private static final List<Kind> BY_CODE = List.of(values());

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Optional<Kind> of(int code) {
      return code >= 1 && code <= 4 ? Optional.of(BY_CODE.get(code - 1)) : Optional.empty();
    }

    boolean confederation() {
      return this == CONFED_SEQUENCE || this == CONFED_SET;
    }
  }

  /**
   * A segment.
   *
   * @param kind ordered or not
   * @param asns 1 to 255 ASNs
   */
  public record Segment(Kind kind, List<Long> asns) {
    /** Checks the ranges and copies the list. */
    public Segment {
      asns = List.copyOf(asns);
      if (asns.isEmpty() || asns.size() > 255) {
        throw new IllegalArgumentException("segment of " + asns.size() + " ASNs, not 1..255");
      }
      for (long asn : asns) {
        Ranges.check(asn, Ranges.UNSIGNED_32, "ASN");
      }
    }
  }

  /** One sequence of these ASNs, the neighbor first. */
  public static AsPath of(long... asns) {
    if (asns.length == 0) {
      return EMPTY;
    }
    List<Long> list = new ArrayList<>(asns.length);
    for (long asn : asns) {
      list.add(asn);
    }
    return new AsPath(List.of(new Segment(Kind.SEQUENCE, list)));
  }

  /** These segments, neighboring sequences put together where they fit into one. */
  static AsPath joined(List<Segment> segments) {
    List<Segment> result = new ArrayList<>(segments.size());
    for (Segment segment : segments) {
      if (!result.isEmpty()
          && segment.kind == Kind.SEQUENCE
          && result.getLast().kind == Kind.SEQUENCE
          && result.getLast().asns.size() + segment.asns.size() <= 255) {
        List<Long> asns = new ArrayList<>(result.removeLast().asns);
        asns.addAll(segment.asns);
        result.add(new Segment(Kind.SEQUENCE, asns));
      } else {
        result.add(segment);
      }
    }
    return new AsPath(result);
  }

  /** The length as the decision process counts it: a set is 1, confederation segments are 0. */
  public int length() {
    int length = 0;
    for (Segment segment : segments) {
      length +=
          switch (segment.kind) {
            case SET -> 1;
            case SEQUENCE -> segment.asns.size();
            case CONFED_SEQUENCE, CONFED_SET -> 0;
          };
    }
    return length;
  }

  /**
   * The ASN that the route was received from, or 0 when the path does not begin with a sequence.
   */
  public long neighborAsn() {
    for (Segment segment : segments) {
      if (!segment.kind.confederation()) {
        return segment.kind == Kind.SEQUENCE ? segment.asns.getFirst() : 0;
      }
    }
    return 0;
  }

  /** Whether the ASN occurs anywhere. */
  public boolean contains(long asn) {
    for (Segment segment : segments) {
      if (segment.asns.contains(asn)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a confederation segment (RFC 5065). */
  public boolean hasConfederation() {
    return segments.stream().anyMatch(segment -> segment.kind.confederation());
  }

  /** Whether there is a segment without order, AS_SET or AS_CONFED_SET (RFC 9774). */
  public boolean hasSet() {
    return segments.stream()
        .anyMatch(segment -> segment.kind == Kind.SET || segment.kind == Kind.CONFED_SET);
  }

  /** The path with an ASN in front. A full first segment gets a new one before it. */
  public AsPath prepend(long asn) {
    List<Segment> result = new ArrayList<>(segments);
    List<Long> first = new ArrayList<>();
    first.add(asn);
    if (!segments.isEmpty()
        && segments.getFirst().kind == Kind.SEQUENCE
        && segments.getFirst().asns.size() < 255) {
      first.addAll(result.removeFirst().asns);
    }
    result.addFirst(new Segment(Kind.SEQUENCE, first));
    return new AsPath(result);
  }

  @Override
  public int typeCode() {
    return AttributeType.AS_PATH.code();
  }

  /** As routers print it, for example {@code 65000 65001 {65002,65003}}. */
  public String text() {
    return segments.stream().map(AsPath::text).collect(Collectors.joining(" "));
  }

  private static String text(Segment segment) {
    return switch (segment.kind) {
      case SEQUENCE -> join(segment, "", " ", "");
      case SET -> join(segment, "{", ",", "}");
      case CONFED_SEQUENCE -> join(segment, "(", " ", ")");
      case CONFED_SET -> join(segment, "[", ",", "]");
    };
  }

  private static String join(Segment segment, String open, String between, String close) {
    return segment.asns.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(between, open, close));
  }
}
