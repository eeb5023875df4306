package dev.peerage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The documents of {@code examples/seed-lab}, as they stand in the folder. */
public final class Examples {
  private final TestGround lab;

  /** For this cluster. */
  public Examples(TestGround lab) {
    this.lab = lab;
  }

  /** Applies each of {@code Kind} or {@code Kind/name}. */
  public void apply(String... kinds) {
    for (String kind : kinds) {
      lab.apply(document(kind));
    }
  }

  /** The only document of {@code Kind} or {@code Kind/name}. */
  public String document(String kindAndName) {
    String kind = kindAndName.replaceFirst("/.*", "");
    String name = kindAndName.contains("/") ? kindAndName.replaceFirst(".*/", "") : "";
    try (var files = Files.list(lab.file("examples/seed-lab"))) {
      List<String> matches = new ArrayList<>();
      for (var file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        for (String document : Files.readString(file).split("(?m)^---\\s*$")) {
          if (document.contains("kind: " + kind + "\n")
              && document
                  .lines()
                  .anyMatch(
                      l -> l.strip().replace("\"", "").equals("name: " + name) || name.isEmpty())) {
            matches.add(document);
          }
        }
      }
      assertThat(matches).as(kindAndName).hasSize(1);
      return matches.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
