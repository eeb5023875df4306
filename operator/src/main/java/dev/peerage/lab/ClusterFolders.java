package dev.peerage.lab;

import dev.peerage.lint.ManifestFolder;
import dev.peerage.lint.ManifestFolder.Reading;
import dev.peerage.yaml.FileProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The folders that a lab reads: one per cluster.
 *
 * @param folders by the cluster's name, which is empty for the only one
 */
record ClusterFolders(SortedMap<String, ManifestFolder> folders) {
  /** Names clusters by their folder, or by its whole path where two have the same. */
  static ClusterFolders of(List<Path> paths) {
    SortedMap<String, ManifestFolder> folders = new TreeMap<>();
    for (Path path : paths) {
      Path name = path.toAbsolutePath().normalize().getFileName();
      boolean taken = name == null || folders.containsKey(name.toString());
      String cluster = paths.size() == 1 ? "" : taken ? path.toString() : name.toString();
      folders.put(cluster, ManifestFolder.of(path));
    }
    return new ClusterFolders(folders);
  }

  /** What reading all folders gave. */
  sealed interface AllRead {
    /** All are good. */
    record Good(SortedMap<String, Reading.Good> clusters) implements AllRead {}

    /** Something must be mended first, in any of them. */
    record Bad(List<FileProblem> problems) implements AllRead {}
  }

  AllRead read() {
    SortedMap<String, Reading.Good> good = new TreeMap<>();
    List<FileProblem> problems = new ArrayList<>();
    folders.forEach((cluster, folder) -> {
      switch (folder.read()) {
        case Reading.Bad(List<FileProblem> found) -> problems.addAll(found);
        case Reading.Good it -> good.put(cluster, it);
      }
    });
    return problems.isEmpty() ? new AllRead.Good(good) : new AllRead.Bad(problems);
  }
}
