package dev.peerage.crd.v2;

/** The regular expressions of the schemas, in the syntax that Go and Java share. */
final class Patterns {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final String IPV4 = OCTET + "([.]" + OCTET + "){3}";
  private static final String H = "[0-9a-fA-F]{1,4}";

  /** RFC 4291 §2.2: each line has one more group before the "::". */
  private static final String IPV6 =
      "("
          + ("(" + H + ":){7}(" + H + "|:)|")
          + ("(" + H + ":){6}(:" + H + "|" + IPV4 + "|:)|")
          + ("(" + H + ":){5}((:" + H + "){1,2}|:" + IPV4 + "|:)|")
          + ("(" + H + ":){4}((:" + H + "){1,3}|(:" + H + ")?:" + IPV4 + "|:)|")
          + ("(" + H + ":){3}((:" + H + "){1,4}|(:" + H + "){0,2}:" + IPV4 + "|:)|")
          + ("(" + H + ":){2}((:" + H + "){1,5}|(:" + H + "){0,3}:" + IPV4 + "|:)|")
          + ("(" + H + ":){1}((:" + H + "){1,6}|(:" + H + "){0,4}:" + IPV4 + "|:)|")
          + (":((:" + H + "){1,7}|(:" + H + "){0,5}:" + IPV4 + "|:)")
          + ")(%[^\\t\\n\\f\\r ]+)?";

  /** What {@code \s} stands for in Go; Java's has one character more. */
  private static final String BLANKS = "[\\t\\n\\f\\r ]*";

  /** An address without prefix length; white space around it and an IPv6 zone are let through. */
  static final String IP = "^" + BLANKS + "(" + IPV4 + "|" + IPV6 + ")" + BLANKS + "$";

  private static final String U16 =
      "([0-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
  private static final String U32 =
      "([0-9]|[1-9][0-9]{1,8}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}"
          + "|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[01][0-9]{2}"
          + "|42949672[0-8][0-9]|429496729[0-5])";

  /** RFC 1997: one number, or two joined by a colon; no leading zeros. */
  static final String STANDARD_COMMUNITY = "^(" + U32 + "|" + U16 + ":" + U16 + ")$";

  /** RFC 8092: three numbers joined by colons; no leading zeros. */
  static final String LARGE_COMMUNITY = "^" + U32 + ":" + U32 + ":" + U32 + "$";

  private Patterns() {}
}
