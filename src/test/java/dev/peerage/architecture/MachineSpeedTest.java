package dev.peerage.architecture;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No test depends on how fast the machine is: it reads no clock that it does not turn itself,
 * sleeps nowhere, asserts no time, gives at least 30 s to what has to happen, and proves that
 * something does not happen by what comes after it. Held by reading the tests of all modules as
 * text.
 */
class MachineSpeedTest {
  /** The top of the tree: tests run in their module's folder. */
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private static final Map<String, Pattern> FORBIDDEN =
      Map.of(
          "reads the machine's clock",
          Pattern.compile(
              "System\\.(nanoTime|currentTimeMillis)\\(|(Instant|[A-Z]\\w+Time)\\.now\\("),
          "sleeps",
          Pattern.compile("\\bsleep\\(|\\bpark(Nanos|Until)\\(|\\bpollDelay\\("),
          "asserts a time",
          Pattern.compile("\\bassert(Timeout)\\w*\\("),
          "takes a while without an event for a proof",
          Pattern.compile("\\.during\\(|\\bsilentFor\\("),
          "gives less than 30 s to what has to happen",
          Pattern.compile(
              "(\\batMost\\(|LIMIT = )Duration\\.(ofMillis\\(|ofSeconds\\([12]?\\d\\))"));

  private static final String AT_LEAST =
      "a timer waits at least its time, counted from before it starts: slow machines take longer";

  /** The exceptions, each with its reason. */
  private static final Map<String, String> ALLOWED =
      Map.ofEntries(
          entry("ByzantineTest: reads the machine's clock", "how long each attack goes on"),
          entry("GracefulRestartTest: reads the machine's clock", AT_LEAST),
          entry(
              "ColdStartsTest: reads the machine's clock",
              "a start whose objects took longer to apply than a fault lasts proves nothing"),
          entry("DeletionsHeldBackTest: reads the machine's clock", AT_LEAST),
          entry("RefusedWritesTest: reads the machine's clock", "how long writes are refused"),
          entry("RefusedWritesTest: sleeps", "an answer that is late"),
          entry("SendHoldTest: reads the machine's clock", AT_LEAST),
          entry("SessionWireTest: reads the machine's clock", AT_LEAST),
          entry(
              "NodeConfigs: reads the machine's clock",
              "a time in a status is not later than now, by the clock it was taken from"));

  @Test
  void noTestDependsOnIt() throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    for (Path file : testSources()) {
      String text = Files.readString(file);
      FORBIDDEN.forEach((what, pattern) -> {
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
          String name = file.getFileName().toString().replace(".java", "");
          found
              .computeIfAbsent(name + ": " + what, _ -> new ArrayList<>())
              .add(ROOT.relativize(file) + ":" + line(text, matcher.start()));
        }
      });
    }
    assertThat(found)
        .as("exceptions that are still needed")
        .containsKeys(ALLOWED.keySet().toArray(String[]::new));
    found.keySet().removeAll(ALLOWED.keySet());
    assertThat(found).as("tests that depend on the machine's speed").isEmpty();
  }

  private static long line(String text, int at) {
    return text.substring(0, at).lines().count();
  }

  @Test
  void theTestsOfAllModulesAreRead() throws IOException {
    assertThat(testSources().stream().map(each -> ROOT.relativize(each).getName(0).toString()))
        .contains("bgp-speaker", "crds", "operator", "src", "testing");
  }

  private static Set<Path> testSources() throws IOException {
    var sources = new TreeSet<Path>();
    Matcher modules =
        Pattern.compile("<module>(.*)</module>").matcher(Files.readString(ROOT.resolve("pom.xml")));
    while (modules.find()) {
      Path module = ROOT.resolve(modules.group(1));
      for (Path folder : List.of(module.resolve("src/test/java"), module.resolve("java"))) {
        sources.addAll(javaFiles(folder));
      }
    }
    sources.addAll(javaFiles(ROOT.resolve("testing/src/main/java"))); // what tests share
    return sources;
  }

  private static List<Path> javaFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
