package dev.peerage.lint;

import dev.peerage.lint.Manifests.Key;
import dev.peerage.yaml.FileProblem;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The folder of manifests that a lab follows. Objects keep from one reading to the next the time at
 * which they were first seen.
 */
public final class ManifestFolder {
  private final Path folder;
  private final CrdSchemas schemas = new CrdSchemas();
  private final Map<Key, Instant> firstSeen = new HashMap<>();

  private ManifestFolder(Path folder) {
    this.folder = folder;
  }

  public static ManifestFolder of(Path folder) {
    return new ManifestFolder(folder);
  }

  /** What reading gave. */
  public sealed interface Reading {
    /** All is well; notes are about what was not used or not judged. */
    record Good(Manifests manifests, List<String> notes) implements Reading {}

    /** Something must be mended first. */
    record Bad(List<FileProblem> problems) implements Reading {}
  }

  /** Reads all files whose names end in .yaml, .yml or .json; subfolders are left out. */
  public Reading read() {
    var reader =
        new ManifestReader(
            schemas,
            key ->
                firstSeen.computeIfAbsent(key, _ -> Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    new ManifestFiles(false)
        .read(
            folder,
            true,
            new ManifestFiles.Sink() {
              @Override
              public void text(ManifestFiles.Text text) {
                // Whatever lies in a lab's folder is meant for it.
                reader.read(new ManifestFiles.Text(text.file(), text.text(), true));
              }

              @Override
              public void finding(Finding finding) {
                reader.add(finding);
              }
            });
    List<FileProblem> problems =
        reader.findings().stream().filter(ManifestReader::refuses).map(Finding::problem).toList();
    return problems.isEmpty()
        ? new Reading.Good(
            reader.manifests(), reader.findings().stream().map(ManifestFolder::note).toList())
        : new Reading.Bad(problems);
  }

  private static String note(Finding finding) {
    return finding.place().position() + ": " + finding.place().subject() + ": " + finding.what();
  }
}
