package dev.peerage.peering;

import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.LargeCommunity;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.Attributes;
import dev.peerage.crd.v2.CiliumBGPAdvertisementSpec.WellKnownCommunity;
import java.util.HashSet;
import java.util.Set;

/** Reads the attributes of an advertisement. */
final class ReadAttributes {
  private ReadAttributes() {}

  /** Throws {@link Unusable}: a route without a community that was asked for could do harm. */
  static OfferedAttributes of(Attributes attributes, Place place) throws Unusable {
    Set<Community> communities = new HashSet<>();
    Set<LargeCommunity> large = new HashSet<>();
    var configured = attributes.communities();
    if (configured != null) {
      for (String text : configured.standard()) {
        communities.add(standard(text, place.at("communities.standard")));
      }
      for (WellKnownCommunity community : configured.wellKnown()) {
        communities.add(new Community(Integer.toUnsignedLong(community.value())));
      }
      for (String text : configured.large()) {
        large.add(large(text, place.at("communities.large")));
      }
    }
    Long localPreference = attributes.localPreference();
    if (localPreference != null && (localPreference < 0 || localPreference > 0xffff_ffffL)) {
      throw unusable(
          localPreference.toString(), "is not in 0..4294967295", place.at("localPreference"));
    }
    return new OfferedAttributes(localPreference, communities, large);
  }

  private static Community standard(String text, Place place) throws Unusable {
    String[] parts = text.split(":", -1);
    return switch (parts.length) {
      case 1 -> new Community(number(parts[0], 0xffff_ffffL, text, place));
      case 2 ->
          new Community(
              number(parts[0], 0xffff, text, place) << 16 | number(parts[1], 0xffff, text, place));
      default -> throw unusable(text, "is no standard community", place);
    };
  }

  private static LargeCommunity large(String text, Place place) throws Unusable {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw unusable(text, "is no large community of three numbers", place);
    }
    return new LargeCommunity(
        number(parts[0], 0xffff_ffffL, text, place),
        number(parts[1], 0xffff_ffffL, text, place),
        number(parts[2], 0xffff_ffffL, text, place));
  }

  private static long number(String digits, long most, String text, Place place) throws Unusable {
    try {
      long number = Long.parseLong(digits);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw unusable(text, "is no community", place);
    }
    throw unusable(text, "has a part that is not in 0.." + most, place);
  }

  private static Unusable unusable(String value, String what, Place place) {
    return place.unusable(
        "'" + value + "' " + what + "; this advertisement announces nothing", "correct it");
  }
}
