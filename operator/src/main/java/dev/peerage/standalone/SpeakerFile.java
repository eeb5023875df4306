package dev.peerage.standalone;

import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.yaml.FileProblem;
import dev.peerage.yaml.YamlReader;
import dev.peerage.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the file of {@code peerage speaker}. Pure: text in, desired state or problems out. */
public final class SpeakerFile {
  private SpeakerFile() {}

  /** What a file says. */
  public sealed interface Outcome {
    /**
     * The file is good.
     *
     * @param desired what the speaker shall do
     */
    record Good(DesiredSpeaker desired) implements Outcome {}

    /**
     * The file is not good.
     *
     * @param problems all of them, at least one
     */
    record Bad(List<FileProblem> problems) implements Outcome {
      public Bad {
        problems = List.copyOf(problems);
      }
    }
  }

  /**
   * Reads a file's text.
   *
   * @param file the file's name, for problems
   */
  public static Outcome read(String file, String text) {
    var report = new Report(file);
    Optional<YamlValue> root = document(file, text, report);
    List<DesiredInstance> instances =
        root.map(value -> instances(value, report)).orElseGet(List::of);
    List<FileProblem> problems = report.problems();
    return problems.isEmpty()
        ? new Outcome.Good(new DesiredSpeaker(instances))
        : new Outcome.Bad(problems);
  }

  private static List<DesiredInstance> instances(YamlValue root, Report report) {
    var file = new Section(report, root, "", Set.of("instances"));
    // A misspelt key has been reported, with what it was meant to be.
    if (!file.has("instances") && report.problems().isEmpty()) {
      file.problem(
          "instances",
          "is missing",
          "add the list of instances; 'instances: []' stands for a speaker that does nothing");
    }
    List<DesiredInstance> instances = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : file.sections("instances", InstanceSection.KEYS)) {
      InstanceSection.read(section)
          .ifPresent(instance -> {
            if (names.add(instance.name())) {
              instances.add(instance);
            } else {
              section.problem(
                  "name",
                  "another instance is called '" + instance.name() + "' too",
                  "give each instance a name of its own");
            }
          });
    }
    return instances;
  }

  private static Optional<YamlValue> document(String file, String text, Report report) {
    List<YamlValue> documents = YamlReader.read(file, text, report);
    if (documents.size() > 1) {
      report.add(
          documents.get(1).line(), "", "a second document", "put all instances into one document");
    }
    if (documents.isEmpty() && report.problems().isEmpty()) {
      report.add(0, "", "the file is empty", "write 'instances:' and the list of instances");
    }
    return documents.stream().findFirst();
  }
}
