package dev.peerage.lint;

import dev.peerage.lint.Manifests.Key;
import dev.peerage.yaml.YamlValue;
import dev.peerage.yaml.YamlValue.Field;
import dev.peerage.yaml.YamlValue.Mapping;
import dev.peerage.yaml.YamlValue.Scalar;
import dev.peerage.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Looks for the quotes that word processors and web pages put in place of those of YAML, for which
 * they are letters.
 *
 * @param any whether the text has any, so that its values are looked at
 */
record CurlyQuotes(boolean any) {
  private static final String QUOTES = "“”„‘’‚«»";

  static CurlyQuotes in(String text) {
    return new CurlyQuotes(text.chars().anyMatch(c -> c > 0x7f && QUOTES.indexOf(c) >= 0));
  }

  /** The values and keys that begin or end with one. */
  List<Finding> in(YamlDocument document, Key key) {
    List<Finding> found = new ArrayList<>();
    if (any) {
      look(document.source(), "", document, key, found);
    }
    return found;
  }

  private static void look(
      YamlValue value, String path, YamlDocument document, Key key, List<Finding> found) {
    switch (value) {
      case Scalar scalar -> text(scalar.text(), path, document, key, found);
      case Sequence(int _, List<YamlValue> items) -> {
        for (int i = 0; i < items.size(); i++) {
          look(items.get(i), path + "[" + i + "]", document, key, found);
        }
      }
      case Mapping(int _, Map<String, Field> fields) ->
          fields.forEach((name, field) -> {
            String at = path.isEmpty() ? name : path + "." + name;
            if (!at.equals("metadata.annotations")) { // prose, for people
              text(name, at, document, key, found);
              look(field.value(), at, document, key, found);
            }
          });
    }
  }

  private static void text(
      String text, String path, YamlDocument document, Key key, List<Finding> found) {
    if (!text.isEmpty()
        && (QUOTES.indexOf(text.charAt(0)) >= 0
            || QUOTES.indexOf(text.charAt(text.length() - 1)) >= 0)) {
      found.add(
          new Finding(
              FindingCode.CURLY_QUOTES,
              ManifestReader.place(document, key, path),
              "the quotes are letters of the value " + Shown.quoted(text) + " for YAML",
              "write \" or '"));
    }
  }
}
