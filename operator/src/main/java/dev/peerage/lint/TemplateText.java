package dev.peerage.lint;

import dev.peerage.lint.Finding.Severity;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Variables of templates that stand in manifests before something fills them in. */
final class TemplateText {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{[^}\\s]+}|\\$\\([A-Za-z_]\\w*\\)|\\{\\{[^}]*}}|'<[A-Za-z_][\\w -]*>'");

  private TemplateText() {}

  /** The finding, or that of a variable where it is about one. */
  static Finding judged(Finding finding) {
    // The parser's own words have brackets of their own.
    if (finding.severity() == Severity.NOTE
        || finding.code() == FindingCode.TEMPLATE_TEXT
        || finding.code() == FindingCode.NOT_YAML) {
      return finding;
    }
    Matcher variable = VARIABLE.matcher(finding.what());
    return variable.find()
        ? new Finding(
            FindingCode.TEMPLATE_TEXT,
            finding.place(),
            variable.group()
                + " is a template's variable that nothing has replaced, so that this cannot be"
                + " judged",
            "lint what the template gives: pipe it into peerage lint -")
        : finding;
  }
}
