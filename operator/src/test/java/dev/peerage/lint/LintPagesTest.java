package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every finding has its page, and what the page shows is so. */
class LintPagesTest {
  private static final Path PAGES = Path.of("../docs/lint");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
  private static final Pattern FILE = Pattern.compile("(?m)^# file: (.*)$");

  @TempDir Path folder;

  @Test
  void everyPageHasItsCodeAndTheListHasAll() throws IOException {
    Set<String> codes =
        Arrays.stream(FindingCode.values()).map(FindingCode::code).collect(Collectors.toSet());
    try (Stream<Path> pages = Files.list(PAGES)) {
      assertThat(pages.map(page -> page.getFileName().toString().replace(".md", "")))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(codes.stream(), Stream.of("README")).toList());
    }
    String list = Files.readString(PAGES.resolve("README.md"));
    for (FindingCode code : FindingCode.values()) {
      assertThat(list)
          .contains(
              "| [%s](%s.md) | %s | %s |"
                  .formatted(code.code(), code.code(), code.severity().word(), code.title()));
    }
  }

  @ParameterizedTest
  @EnumSource(FindingCode.class)
  void theExampleGivesTheCodeAndWhatMendsItDoesNot(FindingCode code) throws IOException {
    String page = Files.readString(PAGES.resolve(code.code() + ".md"));
    String severity = code.severity().word();
    assertThat(page)
        .startsWith(
            "# %s\n\n%s: %s.\n"
                .formatted(
                    code.code(),
                    severity.substring(0, 1).toUpperCase(Locale.ROOT) + severity.substring(1),
                    code.title()));
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(page);
    while (block.find()) {
      blocks.add(block.group(2));
    }
    assertThat(blocks).isNotEmpty();
    assertThat(codes(blocks.getFirst(), "example")).contains(code);
    for (String mended : blocks.subList(1, blocks.size())) {
      assertThat(codes(mended, "mended")).doesNotContain(code);
    }
  }

  private List<FindingCode> codes(String text, String name) throws IOException {
    if (text.startsWith("$ peerage lint ")) {
      return codes(LintText.of(folder.resolve(text.substring(15).strip())));
    }
    Path into = Files.createDirectory(folder.resolve(name));
    Matcher file = FILE.matcher(text);
    if (!file.find()) {
      return codes(LintText.of(Files.writeString(into.resolve("bgp.yaml"), text)));
    }
    do {
      int begin = file.end();
      Matcher next = FILE.matcher(text);
      String content = text.substring(begin, next.find(begin) ? next.start() : text.length());
      Path path = into.resolve(file.group(1));
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
    } while (file.find());
    return codes(LintText.of(into));
  }

  private static List<FindingCode> codes(Findings findings) {
    return findings.groups().stream().map(group -> group.first().code()).toList();
  }
}
