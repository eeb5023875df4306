package dev.peerage.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.lab.ClusterFolders.AllRead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFoldersTest {
  @TempDir private Path parent;
  private List<Path> folders = List.of();

  @BeforeEach
  void make() throws IOException {
    folders =
        List.of(
            Files.createDirectories(parent.resolve("a/east")),
            Files.createDirectories(parent.resolve("b/west")),
            Files.createDirectories(parent.resolve("c/east")));
  }

  @Test
  void aClusterIsCalledAsItsFolderUnlessAnotherIsToo() {
    assertThat(ClusterFolders.of(folders).folders())
        .containsOnlyKeys("east", "west", folders.getLast().toString());
    assertThat(ClusterFolders.of(List.of(parent)).folders()).containsOnlyKeys("");
  }

  @Test
  void allAreGoodOrAllProblemsAreTold() throws IOException {
    assertThat(ClusterFolders.of(folders).read())
        .isInstanceOfSatisfying(AllRead.Good.class, good -> assertThat(good.clusters()).hasSize(3));

    Files.writeString(folders.getFirst().resolve("x.yaml"), "kind: [");
    Files.writeString(folders.getLast().resolve("y.yaml"), "- 1");
    assertThat(ClusterFolders.of(folders).read())
        .isInstanceOfSatisfying(
            AllRead.Bad.class,
            bad ->
                assertThat(bad.problems())
                    .extracting(problem -> problem.file())
                    .containsExactlyInAnyOrder("x.yaml", "y.yaml"));
  }
}
