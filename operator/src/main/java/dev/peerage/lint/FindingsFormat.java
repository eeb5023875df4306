package dev.peerage.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.lint.Finding.Place;
import dev.peerage.lint.Finding.Severity;
import dev.peerage.lint.Findings.Group;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How findings are written. */
public enum FindingsFormat {
  /** For people, and for tools that know {@code file:line: error: …} from compilers. */
  TEXT {
    @Override
    public List<String> lines(Findings findings) {
      List<String> lines = new ArrayList<>();
      Map<FindingCode, Integer> shown = new EnumMap<>(FindingCode.class);
      Map<FindingCode, Integer> left = new EnumMap<>(FindingCode.class);
      for (Group group : findings.groups()) {
        FindingCode code = group.first().code();
        if (shown.merge(code, 1, Integer::sum) <= OF_ONE_CODE) {
          text(group, lines);
        } else {
          left.merge(code, group.size(), Integer::sum);
        }
      }
      left.forEach((code, count) ->
          lines.add("and " + count + " more of " + code.code() + "; -o json has them all"));
      lines.add(summary(findings));
      return lines;
    }
  },

  /** One JSON document. */
  JSON {
    @Override
    public List<String> lines(Findings findings) {
      ObjectNode root = MAPPER.createObjectNode();
      ArrayNode all = root.putArray("findings");
      findings.groups().forEach(group -> json(group, all.addObject()));
      root.put("errors", findings.count(Severity.ERROR));
      root.put("warnings", findings.count(Severity.WARNING));
      root.put("notes", findings.count(Severity.NOTE));
      root.put("suppressed", findings.suppressed());
      root.put("objects", findings.objects());
      root.put("otherObjects", findings.others());
      try {
        return List.of(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  },

  /** Commands to a runner of GitHub Actions, which shows them at the lines of a pull request. */
  GITHUB {
    @Override
    public List<String> lines(Findings findings) {
      List<String> lines = new ArrayList<>();
      findings.groups().forEach(group -> lines.add(command(group)));
      lines.add(summary(findings));
      return lines;
    }
  };

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int OF_ONE_CODE = 20;
  private static final int PLACES = 3;

  /** The lines to print. */
  public abstract List<String> lines(Findings findings);

  private static void text(Group group, List<String> lines) {
    Finding finding = group.first();
    String position = finding.place().position();
    lines.add(
        (position.isEmpty() ? "" : position + ": ")
            + finding.severity().word()
            + ": "
            + words(finding));
    if (!finding.remedy().isEmpty()) {
      lines.add("    to mend it: " + finding.remedy());
    }
    if (group.size() > 1) {
      lines.add("    the same: " + others(group));
    }
    if (!finding.instead().isEmpty()) {
      lines.add("    write instead:");
      finding.instead().lines().forEach(line -> lines.add("      " + line));
    }
  }

  private static String words(Finding finding) {
    String subject = finding.place().subject();
    return (subject.isEmpty() ? "" : subject + ": ")
        + finding.what()
        + " ["
        + finding.code().code()
        + "]";
  }

  private static String others(Group group) {
    List<String> named =
        group.places().stream()
            .skip(1)
            .limit(PLACES)
            .map(place -> (place.object() + " " + place.position()).strip())
            .toList();
    int more = group.size() - 1 - named.size();
    return String.join(", ", named) + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private static void json(Group group, ObjectNode to) {
    Finding finding = group.first();
    to.put("code", finding.code().code());
    to.put("severity", finding.severity().word());
    place(finding.place(), to);
    to.put("what", finding.what());
    to.put("remedy", finding.remedy());
    if (!finding.instead().isEmpty()) {
      to.put("instead", finding.instead());
    }
    to.put("count", group.size());
    if (group.size() > 1) {
      ArrayNode places = to.putArray("places");
      group.places().forEach(place -> place(place, places.addObject()));
    }
  }

  private static void place(Place place, ObjectNode to) {
    to.put("file", place.file());
    to.put("line", place.line());
    to.put("object", place.object());
    to.put("field", place.field());
  }

  private static String command(Group group) {
    Finding finding = group.first();
    Place place = finding.place();
    String name =
        switch (finding.severity()) {
          case ERROR -> "error";
          case WARNING -> "warning";
          case NOTE -> "notice";
        };
    List<String> properties = new ArrayList<>();
    if (!place.file().isEmpty()) {
      properties.add("file=" + property(place.file()));
    }
    if (place.line() > 0) {
      properties.add("line=" + place.line());
    }
    properties.add("title=" + property(finding.code().code()));
    String text =
        words(finding)
            + (finding.remedy().isEmpty() ? "" : "\nto mend it: " + finding.remedy())
            + (group.size() > 1 ? "\nthe same: " + others(group) : "")
            + (finding.instead().isEmpty() ? "" : "\nwrite instead:\n" + finding.instead());
    return "::" + name + " " + String.join(",", properties) + "::" + data(text);
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }

  private static String summary(Findings findings) {
    int errors = findings.count(Severity.ERROR);
    return "%s, %s, %s in %s%s%s%s"
        .formatted(
            counted(errors, "error"),
            counted(findings.count(Severity.WARNING), "warning"),
            counted(findings.count(Severity.NOTE), "note"),
            counted(findings.objects(), "object"),
            findings.others() > 0 ? " and %d of other kinds".formatted(findings.others()) : "",
            findings.suppressed() > 0 ? "; %d suppressed".formatted(findings.suppressed()) : "",
            errors > 0 ? "; what may hang on the errors is not judged" : "");
  }

  private static String counted(int count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }
}
