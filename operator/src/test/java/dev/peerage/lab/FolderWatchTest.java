package dev.peerage.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
  private static final int LIMIT_SECONDS = 60;

  @TempDir private Path one;
  @TempDir private Path other;
  // What is in both folders whenever a change is told.
  private final BlockingQueue<Set<String>> seen = new LinkedBlockingQueue<>();

  private void look() {
    Set<String> names = new TreeSet<>();
    for (Path folder : List.of(one, other)) {
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    seen.add(names);
  }

  /** Waits until a change is told while just these files are there. */
  private void awaitTold(String... names) throws InterruptedException {
    Set<String> told = seen.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    while (told != null && !told.equals(Set.of(names))) {
      told = seen.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
    assertThat(told).as("a change is told").isNotNull();
  }

  @Test
  void tellsOfFilesThatAreWrittenRenamedAndRemovedInAnyFolder()
      throws IOException, InterruptedException {
    try (FolderWatch _ = FolderWatch.start(List.of(one, other), _ -> look())) {
      Files.writeString(one.resolve("a.yaml"), "a: 1");
      awaitTold("a.yaml");

      Files.move(one.resolve("a.yaml"), one.resolve("b.yaml"), StandardCopyOption.ATOMIC_MOVE);
      awaitTold("b.yaml");

      Files.writeString(other.resolve("c.yaml"), "a: 1");
      awaitTold("b.yaml", "c.yaml");

      Files.delete(one.resolve("b.yaml"));
      awaitTold("c.yaml");
    }
  }

  @Test
  void saysNothingOnceItIsClosed() throws IOException, InterruptedException {
    FolderWatch watch = FolderWatch.start(List.of(one), _ -> look());
    watch.close();
    watch.awaitEnd();
    Files.writeString(one.resolve("a.yaml"), "a: 1");

    assertThat(seen).isEmpty();
  }
}
