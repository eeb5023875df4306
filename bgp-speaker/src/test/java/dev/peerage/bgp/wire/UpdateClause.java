package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.Wire.NO_IPV4;
import static dev.peerage.bgp.wire.Wire.ip;
import static dev.peerage.bgp.wire.Wire.prefixes;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a clause of an RFC says about a legal UPDATE, as a row of a table.
 *
 * @param clause the RFC, its section and the case
 * @param context what was negotiated
 * @param attributes the path attributes in hexadecimal
 * @param nlri the NLRI in hexadecimal
 * @param update what they mean
 * @param canonical whether writing gives the very bytes that were read
 */
record UpdateClause(
    String clause,
    CodecContext context,
    String attributes,
    String nlri,
    Update update,
    boolean canonical) {
  static final Set<AddressFamily> BOTH = EnumSet.allOf(AddressFamily.class);
  static final Set<AddressFamily> V4 = Set.of(AddressFamily.IPV4_UNICAST);
  static final Set<AddressFamily> V6 = Set.of(AddressFamily.IPV6_UNICAST);
  static final CodecContext MODERN = Wire.MODERN;
  static final CodecContext OLD = Wire.TWO_OCTET;
  static final CodecContext NEXT_HOPS = new CodecContext(true, false, true, BOTH);

  static final String IGP = "40 01 01 00 ";
  static final String PATH = "40 02 06 02 01 00 00 fd e8 "; // 65000
  static final String HOP = "40 03 04 0a 00 00 01 "; // 10.0.0.1
  static final String BASE = IGP + PATH + HOP;
  static final PathAttributes BASIC =
      PathAttributes.of(Origin.IGP, AsPath.of(65000), new PathAttribute.NextHop(ip("10.0.0.1")));

  static final PrefixList TEN = prefixes("10.0.0.0/8");

  @Override
  public String toString() {
    return clause;
  }

  static UpdateClause same(
      String clause,
      CodecContext context,
      String attributes,
      String nlri,
      PathAttributes expected,
      PrefixList announced) {
    return new UpdateClause(
        clause, context, attributes, nlri, new Update(NO_IPV4, expected, announced), true);
  }

  static UpdateClause reads(
      String clause, CodecContext context, String attributes, PathAttributes expected) {
    return new UpdateClause(
        clause, context, attributes, "08 0a", new Update(NO_IPV4, expected, TEN), false);
  }

  static PrefixList paths(AddressFamily family, Object... prefixesAndIds) {
    PrefixList.Builder builder = new PrefixList.Builder(family, 1);
    for (int i = 0; i < prefixesAndIds.length; i += 2) {
      Prefix prefix = Prefix.parse((String) prefixesAndIds[i]);
      builder.add(prefix.high(), prefix.low(), prefix.length(), (Integer) prefixesAndIds[i + 1]);
    }
    return builder.build();
  }

  static PathAttributes path(AsPath path, PathAttribute... more) {
    PathAttributes result = BASIC.with(path);
    for (PathAttribute attribute : more) {
      result = result.with(attribute);
    }
    return result;
  }

  static AsPath segments(Object... kindsAndAsns) {
    List<AsPath.Segment> segments = new ArrayList<>();
    for (int i = 0; i < kindsAndAsns.length; i += 2) {
      @SuppressWarnings("unchecked")
      List<Long> asns = (List<Long>) kindsAndAsns[i + 1];
      segments.add(new AsPath.Segment((AsPath.Kind) kindsAndAsns[i], asns));
    }
    return new AsPath(segments);
  }
}
