package dev.peerage.lint;

import dev.peerage.lint.Finding.Place;
import dev.peerage.lint.Finding.Severity;
import dev.peerage.yaml.YamlValue;
import dev.peerage.yaml.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The comments {@code # peerage-lint: ignore CODE[, CODE…]} of files. Behind a value one stands for
 * that line, alone for the next line, and above an object for all of it. Errors are never
 * suppressed, because the API server does not read comments.
 */
final class Suppressions {
  private static final String MARK = "peerage-lint:";
  private static final Pattern COMMENT =
      Pattern.compile("#\\s*" + MARK + "\\s*ignore\\s+([a-z-]+(?:\\s*,\\s*[a-z-]+)*)");

  private final Map<String, List<Comment>> byFile = new HashMap<>();

  private static final class Comment {
    final int line;
    final int from;
    final int to;
    final Set<String> codes;
    final Set<String> used = new TreeSet<>();

    Comment(int line, int from, int to, Set<String> codes) {
      this.line = line;
      this.from = from;
      this.to = to;
      this.codes = codes;
    }

    boolean suppresses(Finding finding) {
      String code = finding.code().code();
      int at = finding.place().line();
      if (from <= at && at <= to && codes.contains(code)) {
        used.add(code);
        return true;
      }
      return false;
    }
  }

  /** Reads the comments of a file. */
  void read(String file, String text, List<YamlValue> roots) {
    if (!text.contains(MARK)) {
      return;
    }
    TreeSet<Integer> objects = begins(roots);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher comment = COMMENT.matcher(lines.get(i));
      if (comment.find()) {
        boolean behind = !lines.get(i).substring(0, comment.start()).isBlank();
        int at = behind ? i + 1 : next(lines, i + 1);
        boolean whole = !behind && objects.contains(at);
        Integer after = objects.higher(at);
        byFile
            .computeIfAbsent(file, _ -> new ArrayList<>())
            .add(
                new Comment(
                    i + 1,
                    at,
                    !whole ? at : after == null ? Integer.MAX_VALUE : after - 1,
                    Arrays.stream(comment.group(1).split(","))
                        .map(String::strip)
                        .collect(Collectors.toCollection(TreeSet::new))));
      }
    }
  }

  private static TreeSet<Integer> begins(List<YamlValue> roots) {
    TreeSet<Integer> begins = new TreeSet<>();
    for (YamlValue root : roots) {
      if (YamlDocument.isList(root) && root instanceof Mapping list) {
        YamlDocument.items(list).forEach(item -> begins.add(item.line()));
      } else {
        begins.add(root.line());
      }
    }
    return begins;
  }

  // The line, counted from 1, of the first that says something behind an index.
  private static int next(List<String> lines, int index) {
    int at = index;
    while (at < lines.size() && says(lines.get(at)).isEmpty()) {
      at++;
    }
    return at + 1;
  }

  private static Optional<String> says(String line) {
    String text = line.strip();
    return text.isEmpty() || text.startsWith("#") || text.equals("---")
        ? Optional.empty()
        : Optional.of(text);
  }

  /** Whether a comment says that nobody wants to hear this. */
  boolean suppresses(Finding finding) {
    if (finding.severity() == Severity.ERROR) {
      return false;
    }
    boolean suppressed = false;
    for (Comment comment : byFile.getOrDefault(finding.place().file(), List.of())) {
      suppressed |= comment.suppresses(finding);
    }
    return suppressed;
  }

  /** Codes in comments that have suppressed nothing, or that there are not. */
  List<Finding> unused() {
    List<Finding> unused = new ArrayList<>();
    byFile.forEach((file, comments) -> {
      for (Comment comment : comments) {
        Set<String> left = new TreeSet<>(comment.codes);
        left.removeAll(comment.used);
        for (String code : left) {
          unused.add(
              new Finding(
                  FindingCode.UNUSED_SUPPRESSION,
                  new Place(file, comment.line, "", ""),
                  FindingCode.of(code).isPresent()
                      ? code + " is not found here"
                      : "there is no finding called " + Shown.quoted(code),
                  "remove it from the comment"));
        }
      }
    });
    return unused;
  }
}
