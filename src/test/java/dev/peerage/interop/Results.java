package dev.peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** What came out with one router, as a column of the table in {@code docs/interop.md}. */
final class Results {
  private final Map<Scenario, String> cells = new EnumMap<>(Scenario.class);

  void passed(Scenario scenario) {
    cells.put(scenario, "yes");
  }

  void failed(Scenario scenario) {
    cells.put(scenario, "FAILS");
  }

  void lacks(Scenario scenario, String reason) {
    cells.put(scenario, "- " + reason);
  }

  /**
   * Writes {@code scenario TAB cell} lines; {@code interop/table} puts the columns side by side.
   */
  void write(String router) {
    StringBuilder lines = new StringBuilder();
    cells.forEach(
        (scenario, cell) -> lines.append(scenario).append('\t').append(cell).append('\n'));
    Path folder = Ground.file("target/interop");
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(router + ".tsv"), lines.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
