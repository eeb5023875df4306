package dev.peerage.lint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.lint.Finding.Place;
import dev.peerage.lint.Finding.Severity;
import dev.peerage.yaml.Spelling;
import java.util.Optional;
import java.util.Set;

/** What becomes of an object, by its kind and group. */
sealed interface KindJudgement {
  /** It is read. */
  record Read(ManifestKind kind) implements KindJudgement {}

  /** It is an object that is none of our business. */
  record Other(Finding note) implements KindJudgement {}

  /** It is no object, and need not be one. */
  record NoObject(Finding note) implements KindJudgement {}

  /** Somebody meant it to be read. */
  record Bad(Finding finding) implements KindJudgement {}

  /** API groups of Kubernetes, in which a Service of another version is a mistake. */
  Set<String> KUBERNETES = Set.of("", "apps", "batch", "extensions", "policy", "autoscaling");

  /**
   * Judges.
   *
   * @param named whether the file was asked for by its name, so that an object is expected in it
   */
  static KindJudgement of(YamlDocument document, boolean named) {
    ObjectNode content = document.content();
    String kind = content.path("kind").asText();
    String apiVersion = content.path("apiVersion").asText();
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    if (kind.isBlank()) {
      return withoutKind(document, named);
    }
    Optional<ManifestKind> known = ManifestKind.of(kind);
    if (known.isPresent()) {
      boolean meant =
          known.get().custom() || KUBERNETES.contains(group) || group.endsWith(".k8s.io");
      return meant ? new Read(known.get()) : new Other(notRead(document, kind));
    }
    Optional<Finding> old = OldForms.ofKind(document);
    if (old.isPresent()) {
      return old.get().severity() == Severity.NOTE ? new Other(old.get()) : new Bad(old.get());
    }
    if (group.equals("cilium.io") && isMisspelt(kind)) {
      return new Bad(
          new Finding(
              FindingCode.UNKNOWN_KIND,
              new Place(document.file(), document.line("kind"), "", "kind"),
              "there is no kind " + Shown.quoted(kind) + " in " + apiVersion,
              Spelling.remedy(kind, ManifestKind.kinds())));
    }
    return OtherLoadBalancer.of(document)
        .<KindJudgement>map(Other::new)
        .orElseGet(() -> new Other(notRead(document, kind)));
  }

  private static boolean isMisspelt(String kind) {
    return kind.startsWith("CiliumBGP")
        || Spelling.nearest(kind, ManifestKind.kinds())
            .filter(near -> near.startsWith("Cilium"))
            .isPresent();
  }

  private static KindJudgement withoutKind(YamlDocument document, boolean named) {
    ObjectNode content = document.content();
    boolean looksLikeOne =
        content.has("apiVersion") || content.has("metadata") || content.has("spec");
    var place = new Place(document.file(), document.line("kind"), "", "kind");
    return named || looksLikeOne
        ? new Bad(
            new Finding(
                FindingCode.NOT_AN_OBJECT, place, "is missing", "add apiVersion: and kind:"))
        : new NoObject(
            new Finding(
                FindingCode.KIND_NOT_READ,
                new Place(document.file(), document.line(""), "", ""),
                "no Kubernetes object",
                ""));
  }

  private static Finding notRead(YamlDocument document, String kind) {
    return new Finding(
        FindingCode.KIND_NOT_READ,
        place(document, kind),
        "not read; what is read are " + String.join(", ", ManifestKind.kinds()),
        "");
  }

  /** Where an object of a kind that is not read stands. */
  static Place place(YamlDocument document, String kind) {
    ObjectNode content = document.content();
    String namespace = content.at("/metadata/namespace").asText();
    return new Place(
        document.file(),
        document.line("kind"),
        kind
            + " "
            + (namespace.isEmpty() ? "" : namespace + "/")
            + content.at("/metadata/name").asText(),
        "");
  }
}
