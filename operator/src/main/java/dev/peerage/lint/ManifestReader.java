package dev.peerage.lint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.lint.Finding.Place;
import dev.peerage.lint.Finding.Severity;
import dev.peerage.lint.Manifests.Key;
import dev.peerage.lint.Manifests.Manifest;
import dev.peerage.yaml.YamlFault;
import dev.peerage.yaml.YamlReader;
import dev.peerage.yaml.YamlValue;
import dev.peerage.yaml.YamlValue.Mapping;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the texts of manifests as an API server would take them: checks the objects, fills in
 * defaults, and gives each the namespace, UID and creation time that an API server adds. What is
 * wrong with one object or one document keeps no other from being read.
 */
final class ManifestReader {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private final CrdSchemas schemas;
  private final ManifestConversion conversion;
  private final TreeMap<Key, Manifest> objects = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Suppressions suppressions = new Suppressions();
  private final Set<String> refused = new HashSet<>();
  private int others;

  /**
   * A reader that has read nothing.
   *
   * @param created when an object that does not say so was made
   */
  ManifestReader(CrdSchemas schemas, Function<Key, Instant> created) {
    this.schemas = schemas;
    this.conversion = new ManifestConversion(created);
  }

  /** The objects that are in order. */
  Manifests manifests() {
    return new Manifests(objects);
  }

  /** What was found, in the order of reading. */
  List<Finding> findings() {
    return findings;
  }

  /** What comments suppress. */
  Suppressions suppressions() {
    return suppressions;
  }

  /**
   * The kinds of which an object, or perhaps one, was not read because of what is wrong with it.
   */
  Set<String> refused() {
    return refused;
  }

  /** How many objects there were of kinds that are not read. */
  int others() {
    return others;
  }

  /** Adds something that is not in a text, as that a file cannot be read. */
  void add(Finding finding) {
    findings.add(finding);
  }

  /** Reads all documents of a text. */
  void read(ManifestFiles.Text text) {
    String file = text.file();
    List<Finding> faults = new ArrayList<>();
    List<YamlValue> roots = YamlReader.read(file, text.text(), new YamlFaults(file, faults));
    Optional<Finding> template = faults.isEmpty() ? Optional.empty() : HelmTemplate.in(text);
    if (template.isPresent()) {
      refused.addAll(ManifestKind.kinds());
      findings.add(template.get());
      return;
    }
    if (!faults.isEmpty()) {
      refused.addAll(ManifestKind.kinds());
    }
    findings.addAll(faults);
    suppressions.read(file, text.text(), roots);
    CurlyQuotes quotes = CurlyQuotes.in(text.text());
    for (YamlValue root : roots) {
      document(root, text, quotes);
    }
  }

  /** What is wrong with a text as YAML. */
  private record YamlFaults(String file, List<Finding> findings) implements YamlReader.Problems {
    @Override
    public void add(int line, String path, String what, String remedy) {
      add(YamlFault.SYNTAX, line, path, what, remedy);
    }

    @Override
    public void add(YamlFault fault, int line, String path, String what, String remedy) {
      FindingCode code =
          switch (fault) {
            case SYNTAX -> FindingCode.NOT_YAML;
            case DUPLICATE_KEY -> FindingCode.DUPLICATE_KEY;
            case MISSING_SEPARATOR -> FindingCode.MISSING_SEPARATOR;
          };
      findings.add(new Finding(code, new Place(file, line, "", path), what, remedy));
    }
  }

  private void document(YamlValue root, ManifestFiles.Text text, CurlyQuotes quotes) {
    if (YamlDocument.isList(root) && root instanceof Mapping list) {
      YamlDocument.items(text.file(), list).forEach(item -> object(item, text.named(), quotes));
      return;
    }
    Optional<YamlDocument> document = YamlDocument.of(text.file(), root);
    if (document.isPresent()) {
      object(document.get(), text.named(), quotes);
    } else if (!root.isNull()) {
      var place = new Place(text.file(), root.line(), "", "");
      findings.add(
          text.named()
              ? new Finding(
                  FindingCode.NOT_AN_OBJECT,
                  place,
                  "a Kubernetes object is a mapping, this is " + YamlDocument.kind(root),
                  "start the document with apiVersion:, kind: and metadata:")
              : new Finding(FindingCode.KIND_NOT_READ, place, "no Kubernetes object", ""));
    }
  }

  private void object(YamlDocument document, boolean named, CurlyQuotes quotes) {
    switch (KindJudgement.of(document, named)) {
      case KindJudgement.Read(ManifestKind kind) -> known(document, kind, quotes);
      case KindJudgement.Other(Finding note) -> {
        others++;
        findings.add(note);
      }
      case KindJudgement.Bad(Finding finding) -> {
        refused.addAll(ManifestKind.kinds());
        findings.add(finding);
      }
      case KindJudgement.NoObject(Finding note) -> findings.add(note);
    }
  }

  private void known(YamlDocument document, ManifestKind kind, CurlyQuotes quotes) {
    ObjectNode content = document.content();
    Key key = key(content, kind);
    List<Finding> found = new ArrayList<>();
    SchemaCheck.Faults faults =
        (code, path, what, remedy) ->
            found.add(
                TemplateText.judged(new Finding(code, place(document, key, path), what, remedy)));
    check(document, kind, key, faults);
    OldForms.write(found, document);
    findings.addAll(quotes.in(document, key));
    Manifest other = objects.get(key);
    if (other != null) {
      doubled(document, key, other, found);
    } else if (found.isEmpty()) {
      conversion.of(document, kind, key, faults).ifPresent(typed -> objects.put(key, typed));
    }
    if (found.stream().anyMatch(finding -> finding.code() != FindingCode.TWO_FOLDERS)) {
      refused.add(kind.kind());
    }
    findings.addAll(found);
  }

  private void check(YamlDocument document, ManifestKind kind, Key key, SchemaCheck.Faults faults) {
    ObjectNode content = document.content();
    String apiVersion = content.path("apiVersion").asText();
    if (!kind.apiVersions().contains(apiVersion)) {
      faults.add(
          FindingCode.API_VERSION,
          "apiVersion",
          apiVersion.isEmpty()
              ? "is missing"
              : Shown.quoted(apiVersion) + " does not exist for this kind",
          "use " + kind.apiVersions().getFirst());
    } else if (!NAME.matcher(key.name()).matches()) {
      faults.add(
          FindingCode.OBJECT_NAME,
          "metadata.name",
          key.name().isBlank()
              ? content.at("/metadata/name").isTextual() ? "is blank" : "is missing"
              : Shown.quoted(key.name()) + " is no valid name",
          key.name().isBlank()
              ? "give the object a name"
              : "use lower case letters, digits, '-' and '.'");
    } else {
      new CoreCheck(faults).metadata(content, kind);
      if (kind.custom()) {
        new SchemaCheck(
                faults,
                (path, why) ->
                    findings.add(
                        new Finding(FindingCode.BROKEN_RULE, place(document, key, path), why, "")
                            .as(Severity.NOTE)))
            .object(content, schemas.of(apiVersion, kind));
      } else {
        new CoreCheck(faults).object(content, kind);
      }
    }
  }

  /** Twice in one folder is refused; folders of a tree may be clusters, each with its own. */
  private static void doubled(YamlDocument document, Key key, Manifest other, List<Finding> found) {
    String file = other.document().file();
    String where = file + ":" + other.document().line("metadata.name");
    Place place = place(document, key, "metadata.name");
    boolean sameFolder = folder(file).equals(folder(document.file()));
    found.add(
        sameFolder
            ? new Finding(
                FindingCode.DUPLICATE_OBJECT,
                place,
                "the object is also in " + where,
                "remove one of the two, or rename it")
            : new Finding(
                FindingCode.TWO_FOLDERS,
                place,
                "the object is also in " + where + ", and only that one is looked at",
                "lint each cluster's folder, or what Kustomize builds of it, by itself"));
  }

  private static String folder(String file) {
    return Optional.ofNullable(Path.of(file).getParent()).map(Path::toString).orElse("");
  }

  static Place place(YamlDocument document, Key key, String path) {
    return new Place(document.file(), document.line(path), key.toString().strip(), path);
  }

  private static Key key(ObjectNode content, ManifestKind kind) {
    String namespace = content.at("/metadata/namespace").asText();
    return new Key(
        kind.kind(),
        kind.namespaced() ? (namespace.isEmpty() ? "default" : namespace) : "",
        content.at("/metadata/name").asText());
  }

  /** Whether a finding keeps an object from being read. */
  static boolean refuses(Finding finding) {
    return finding.severity() == Severity.ERROR
        || finding.code() == FindingCode.TEMPLATE_TEXT
        || finding.code() == FindingCode.TWO_FOLDERS;
  }
}
