package dev.peerage.lint;

import dev.peerage.lint.Finding.Place;
import dev.peerage.lint.Finding.Severity;
import java.util.Optional;

/** Files that are Helm templates, which are no YAML before they are rendered. */
final class HelmTemplate {
  private HelmTemplate() {}

  /** That a file which cannot be read as YAML is one. */
  static Optional<Finding> in(ManifestFiles.Text text) {
    int at = text.text().indexOf("{{");
    if (at < 0) {
      return Optional.empty();
    }
    int line = (int) text.text().substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    String rest = text.text().substring(at, Math.min(text.text().length(), at + 200));
    String action = rest.lines().findFirst().orElse("").strip();
    var finding =
        new Finding(
            FindingCode.TEMPLATE_TEXT,
            new Place(text.file(), line, "", ""),
            Shown.quoted(action)
                + " is a template's, as Helm's, and the file is no YAML before it is rendered",
            "lint what the template gives: helm template CHART | peerage lint -");
    // In a tree there are charts; of a file that is named nothing would be looked at.
    return Optional.of(text.named() ? finding.as(Severity.ERROR) : finding);
  }
}
