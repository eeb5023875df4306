package dev.peerage.lint;

import dev.peerage.lint.Finding.Place;
import dev.peerage.lint.Finding.Severity;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Says what is wrong in manifests before a cluster sees them: what the API server would refuse, and
 * what it would take but the planners could not do. The same checks and planners as everywhere.
 */
public final class ManifestLint {
  private final ManifestReader reader = new ManifestReader(new CrdSchemas(), _ -> Instant.EPOCH);
  private final Set<FindingCode> ignored;

  private ManifestLint(Set<FindingCode> ignored) {
    this.ignored = Set.copyOf(ignored);
  }

  /**
   * What was read of files.
   *
   * @param manifests the objects that are in order
   * @param refused what keeps others from being used
   */
  public record Objects(Manifests manifests, Findings refused) {}

  /** Reads files, folders and standard input, for who goes on with the objects. */
  public static Objects objects(List<String> places, InputStream stdin) {
    var lint = new ManifestLint(Set.of());
    places.forEach(place -> lint.read(place, stdin));
    Manifests manifests = lint.reader.manifests();
    List<Finding> refused =
        lint.reader.findings().stream().filter(ManifestReader::refuses).toList();
    return new Objects(
        manifests, Findings.of(refused, manifests.objects().size(), lint.reader.others(), 0));
  }

  /** Looks at the objects of a cluster. */
  public static Findings of(Manifests cluster, Set<FindingCode> ignored) {
    var lint = new ManifestLint(ignored);
    return lint.found(cluster, PlanFindings.of(cluster));
  }

  /**
   * Looks at files as they would be in a cluster; what is wrong with objects that are only there is
   * left out.
   */
  public static Findings of(
      Manifests cluster, List<String> places, InputStream stdin, Set<FindingCode> ignored) {
    var lint = new ManifestLint(ignored);
    places.forEach(place -> lint.read(place, stdin));
    Manifests files = lint.reader.manifests();
    return lint.found(
        files,
        PlanFindings.of(AppliedManifests.of(cluster, files)).stream()
            .filter(finding -> !finding.place().file().isEmpty())
            .toList());
  }

  /**
   * Looks at files, at all .yaml, .yml and .json files of folders and the folders in them, and at
   * standard input.
   *
   * @param places files and folders; {@code -} is standard input
   * @param ignored what nobody wants to hear, unless it is an error
   */
  public static Findings of(List<String> places, InputStream stdin, Set<FindingCode> ignored) {
    var lint = new ManifestLint(ignored);
    places.forEach(place -> lint.read(place, stdin));
    Manifests manifests = lint.reader.manifests();
    return lint.found(manifests, PlanFindings.of(manifests));
  }

  private void read(String place, InputStream stdin) {
    var texts = new Texts();
    var files = new ManifestFiles(true);
    if (place.equals(ManifestFiles.STDIN)) {
      files.read(stdin, texts);
    } else {
      files.read(Path.of(place), false, texts);
    }
    if (texts.nothing()) {
      boolean folder = !place.equals(ManifestFiles.STDIN) && Files.isDirectory(Path.of(place));
      String name =
          place.equals(ManifestFiles.STDIN)
              ? ManifestFiles.STDIN_NAME
              : ManifestFiles.shown(Path.of(place));
      reader.add(
          new Finding(
              FindingCode.NOTHING_READ,
              Place.ofFile(name),
              texts.others() > 0
                  ? "it holds %d Kubernetes objects, and none that Peerage reads"
                      .formatted(texts.others())
                  : folder
                      ? "no file in it that ends in .yaml, .yml or .json holds a Kubernetes object"
                      : "it holds no Kubernetes object",
              "correct the path, or what writes to it"));
    }
  }

  /** Hands the texts of one place to the reader. */
  private final class Texts implements ManifestFiles.Sink {
    private final int objects = reader.manifests().objects().size();
    private final int othersBefore = reader.others();
    private final int findings = reader.findings().size();
    private boolean single;

    @Override
    public void text(ManifestFiles.Text text) {
      single = text.named() && !text.file().equals(ManifestFiles.STDIN_NAME);
      reader.read(text);
    }

    @Override
    public void finding(Finding finding) {
      reader.add(finding);
    }

    int others() {
      return reader.others() - othersBefore;
    }

    /**
     * Whether nothing was there to look at: a file that is named may be about other things than
     * BGP, but a folder or a pipe in which nothing is about it is the wrong one. What is wrong with
     * a file says enough.
     */
    boolean nothing() {
      boolean refused =
          reader.findings().subList(findings, reader.findings().size()).stream()
              .anyMatch(ManifestReader::refuses);
      return reader.manifests().objects().size() == objects
          && !refused
          && !(single && others() > 0);
    }
  }

  private Findings found(Manifests manifests, List<Finding> planned) {
    List<Finding> all = new ArrayList<>(reader.findings());
    planned.stream()
        .filter(finding -> !finding.code().isOfWhatIsAbsent() || reader.refused().isEmpty())
        .forEach(all::add);
    List<Finding> left =
        all.stream()
            .map(TemplateText::judged)
            .filter(finding -> !reader.suppressions().suppresses(finding) && !isIgnored(finding))
            .toList();
    int suppressed = all.size() - left.size();
    List<Finding> shown = new ArrayList<>(left);
    reader.suppressions().unused().stream().filter(it -> !isIgnored(it)).forEach(shown::add);
    return Findings.of(shown, manifests.objects().size(), reader.others(), suppressed);
  }

  private boolean isIgnored(Finding finding) {
    return finding.severity() != Severity.ERROR && ignored.contains(finding.code());
  }
}
