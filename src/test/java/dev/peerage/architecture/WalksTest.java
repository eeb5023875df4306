package dev.peerage.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/walks.md to the files that there are. */
class WalksTest {
  private static final Path DOCS = Path.of("../../docs").toAbsolutePath().normalize();
  private static final String SERVICE = "From a Service's event to the socket";
  private static final Pattern LINK = Pattern.compile("\\]\\((\\.\\./[^)]+\\.java)\\)");

  private static Map<String, Set<Path>> walks() throws IOException {
    Map<String, Set<Path>> walks = new LinkedHashMap<>();
    String title = "";
    for (String line : Files.readAllLines(DOCS.resolve("walks.md"))) {
      if (line.startsWith("## ")) {
        title = line.substring(3);
      }
      var link = LINK.matcher(line);
      while (link.find()) {
        walks
            .computeIfAbsent(title, _ -> new LinkedHashSet<>())
            .add(DOCS.resolve(link.group(1)).normalize());
      }
    }
    return walks;
  }

  @Test
  void everyFileOfAWalkExists() throws IOException {
    assertThat(walks()).hasSize(3);
    walks()
        .forEach((title, files) ->
            assertThat(files).as(title).isNotEmpty().allSatisfy(file -> assertThat(file).exists()));
  }

  @Test
  void aServiceReachesTheSocketInTwentyFiles() throws IOException {
    assertThat(walks().get(SERVICE)).hasSizeBetween(10, 20);
  }
}
