package dev.peerage.standalone;

import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.lint.FileProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

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
      /** Copies the list. */
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
    Report report = new Report(file);
    Optional<Node> root = compose(file, text, report);
    List<DesiredInstance> instances = root.map(node -> instances(node, report)).orElseGet(List::of);
    List<FileProblem> problems = report.problems();
    return problems.isEmpty()
        ? new Outcome.Good(new DesiredSpeaker(instances))
        : new Outcome.Bad(problems);
  }

  private static List<DesiredInstance> instances(Node root, Report report) {
    Section file = new Section(report, root, "", Set.of("instances"));
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

  private static Optional<Node> compose(String file, String text, Report report) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();
    try {
      Iterator<Node> documents = new Compose(settings).composeAllFromString(text).iterator();
      if (!documents.hasNext()) {
        report.add(0, "", "the file is empty", "write 'instances:' and the list of instances");
        return Optional.empty();
      }
      Node first = documents.next();
      if (documents.hasNext()) {
        report.add(
            documents.next(), "", "a second document", "put all instances into one document");
      }
      return Optional.of(first);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      report.add(
          mark.map(Mark::getLine).orElse(-1) + 1,
          "",
          "not YAML: "
              + e.getProblem()
              + mark.map(at -> " (column " + (at.getColumn() + 1) + ")").orElse(""),
          "look at this line and the one above: indentation, a missing ':' or an open quote; tabs"
              + " do not indent");
    } catch (YamlEngineException e) {
      report.add(0, "", "not YAML: " + e.getMessage(), "correct the syntax");
    }
    return Optional.empty();
  }
}
