package dev.peerage.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code image/run} in a copy of the tree; {@code make image} has laid out the original. */
@Tag("cluster")
final class CopiedTreeTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  /**
   * On the file system of the original, so that the copy is one of links; a blank is part of it.
   */
  private static final Path COPY = ROOT.resolve("target/a copied tree");

  private record Output(int status, String out, String err) {}

  @BeforeEach
  void copy() throws IOException {
    remove();
    for (String part : List.of("image", "target/image")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(part))) {
        for (Path file : files.toList()) {
          Path to = COPY.resolve(ROOT.relativize(file));
          if (Files.isSymbolicLink(file)) {
            Files.createSymbolicLink(to, Files.readSymbolicLink(file));
          } else if (Files.isDirectory(file)) {
            Files.createDirectories(to);
          } else {
            Files.createLink(to, file);
          }
        }
      }
    }
  }

  @AfterEach
  void remove() throws IOException {
    if (Files.exists(COPY)) {
      try (Stream<Path> files = Files.walk(COPY)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Java says on standard error when it refuses the class cache. */
  @Test
  void runsWithItsClassCache() throws Exception {
    Output output = run("--version");

    assertThat(output.out()).startsWith("peerage ");
    assertThat(output.err()).isEmpty();
    assertThat(output.status()).isZero();
  }

  @Test
  void runsItsOwnCode(@TempDir Path work) throws Exception {
    Path source = work.resolve("Main.java");
    Files.writeString(
        source,
        """
        package dev.peerage;

        public class Main {
          public static void main(String[] words) {
            System.out.println("the copy got " + String.join(" ", words));
          }
        }
        """);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.run(null, null, null, "-d", work.toString(), source.toString())).isZero();
    Path jar = jar();
    Files.delete(jar);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream written = new JarOutputStream(file)) {
      written.putNextEntry(new JarEntry("dev/peerage/Main.class"));
      Files.copy(work.resolve("dev/peerage/Main.class"), written);
      written.closeEntry();
    }

    Output output = run("lint", "a folder");

    assertThat(output.out()).isEqualTo("the copy got lint a folder\n");
    assertThat(output.status()).isZero();
  }

  private static Path jar() throws IOException {
    Path folder = COPY.resolve("target/image/opt/peerage/lib");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("peerage-operator-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Output run(String... words) throws IOException, InterruptedException {
    Path err = Files.createTempFile("copied-tree", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(COPY.resolve("image/run").toString());
      builder.command().addAll(List.of(words));
      builder.environment().remove("JDK_JAVA_OPTIONS");
      Process process = builder.redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Output(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
