package dev.peerage.standalone;

import dev.peerage.yaml.FileProblem;
import dev.peerage.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong in a file. */
final class Report implements YamlReader.Problems {
  // A generated file may have the same fault a hundred thousand times.
  private static final int LISTED = 100;

  private final String file;
  private final List<FileProblem> problems = new ArrayList<>();
  private int more;

  Report(String file) {
    this.file = file;
  }

  @Override
  public void add(int line, String path, String what, String remedy) {
    if (problems.size() < LISTED) {
      problems.add(new FileProblem(file, line, path, what, remedy));
    } else {
      more++;
    }
  }

  /** In the order of the lines. */
  List<FileProblem> problems() {
    List<FileProblem> all = new ArrayList<>(problems);
    all.sort(Comparator.comparingInt(FileProblem::line));
    if (more > 0) {
      all.add(
          new FileProblem(file, 0, "", "there are " + more + " more problems", "begin with these"));
    }
    return all;
  }
}
