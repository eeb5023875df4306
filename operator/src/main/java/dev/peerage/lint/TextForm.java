package dev.peerage.lint;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What to write where a text does not match the pattern of its field: nobody reads patterns. */
enum TextForm {
  COMMUNITY(
      ".communities.standard[",
      "write ASN:value in quotes, for example \"65000:100\", each part 0 to 65535"),
  LARGE_COMMUNITY(
      ".communities.large[",
      "write three numbers joined by colons, for example \"65000:100:50\", each 0 to 4294967295"),
  ADDRESS("Address", "write one IPv4 or IPv6 address, without a prefix length"),
  CIDR(".cidr", "write one range, for example 172.16.1.0/24"),
  LABEL(
      ".matchLabels.",
      "write the value of a label: at most 63 letters, digits, '-', '_' and '.', with a letter or"
          + " digit first and last");

  private final String field;
  private final String remedy;

  TextForm(String field, String remedy) {
    this.field = field;
    this.remedy = remedy;
  }

  /**
   * What to write.
   *
   * @param description what the definition says of the field
   */
  static String remedy(String path, @Nullable String description) {
    return Arrays.stream(values())
        .filter(form -> form.isOf(path))
        .map(form -> form.remedy)
        .findFirst()
        .orElse(
            description == null
                ? "look at the definition: kubectl explain shows it"
                : "write what the definition says: " + description);
  }

  private boolean isOf(String path) {
    return switch (this) {
      case ADDRESS, CIDR -> path.endsWith(field);
      case COMMUNITY, LARGE_COMMUNITY, LABEL -> path.contains(field);
    };
  }
}
