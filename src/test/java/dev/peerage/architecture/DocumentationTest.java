package dev.peerage.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds all Markdown pages to the files, headings, packages and tests that there are. */
class DocumentationTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern ROOM = Pattern.compile("`([a-z-]+)/…/([A-Za-z/]+)`");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)(?:\\.(\\w+))?`");
  private static final Pattern WORD = Pattern.compile("(?m)^\\| [^|]+\\| [^|]+\\|([^|]*)\\|$");

  private static List<Path> files(String ending) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return !folder.equals(ROOT) && (name.startsWith(".") || name.equals("target"))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(ending)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(found).as("files ending in " + ending).hasSizeGreaterThan(10);
    return found;
  }

  private static String text(Path page) throws IOException {
    return CODE.matcher(Files.readString(page)).replaceAll("");
  }

  /** As web pages of the repository name them in links. */
  private static Set<String> headings(Path page) throws IOException {
    return HEADING
        .matcher(text(page))
        .results()
        .map(it -> it.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", ""))
        .map(it -> it.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void everyLinkLeadsToAFileAndItsHeading() throws IOException {
    Set<String> broken = new HashSet<>();
    for (Path page : files(".md")) {
      var link = LINK.matcher(text(page));
      while (link.find()) {
        if (ELSEWHERE.matcher(link.group(1)).matches()) {
          continue;
        }
        Path target =
            link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
        if (!Files.exists(target)
            || (link.group(2) != null && !headings(target).contains(link.group(2)))) {
          broken.add(ROOT.relativize(page) + ": " + link.group());
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyRoomThatContributorsAreSentToExists() throws IOException {
    var room = ROOM.matcher(text(ROOT.resolve("CONTRIBUTING.md")));
    Set<String> missing = new HashSet<>();
    int seen = 0;
    while (room.find()) {
      seen++;
      Path module = ROOT.resolve(room.group(1));
      Path sources = Files.exists(module.resolve("src/main")) ? module.resolve("src/main") : module;
      Path place = sources.resolve("java/dev/peerage").resolve(room.group(2));
      if (!Files.exists(place) && !Files.exists(Path.of(place + ".java"))) {
        missing.add(room.group());
      }
    }
    assertThat(seen).as("rooms in CONTRIBUTING.md").isGreaterThan(10);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyTestThatAPageNamesExists() throws IOException {
    List<Path> tests = files("Test.java");
    Set<String> missing = new HashSet<>();
    for (Path page : files(".md")) {
      var named = TEST.matcher(text(page));
      while (named.find()) {
        List<Path> found =
            tests.stream().filter(it -> it.endsWith(named.group(1) + ".java")).toList();
        if (found.isEmpty()
            || (named.group(2) != null
                && !Files.readString(found.getFirst()).contains("void " + named.group(2) + "("))) {
          missing.add(ROOT.relativize(page) + ": " + named.group());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /** Words that RFCs, Kubernetes or Cilium do not have need a reason. */
  @Test
  void everyWordOfOursHasItsReason() throws IOException {
    String page = text(ROOT.resolve("docs/architecture.md"));
    String words = page.substring(page.indexOf("## Words"), page.indexOf("## Compatibility"));
    var word = WORD.matcher(words);
    int seen = 0;
    while (word.find()) {
      seen++;
      assertThat(word.group(1)).as(word.group()).isNotBlank();
    }
    assertThat(seen).as("rows of the table of words").isGreaterThan(10);
  }
}
