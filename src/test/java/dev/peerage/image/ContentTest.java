package dev.peerage.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code make image} has laid out, and what of it a command uses. */
@Tag("cluster")
final class ContentTest {
  private static final Path IMAGE = Path.of("../../target/image").toAbsolutePath().normalize();
  private static final Path HOME = IMAGE.resolve("opt/peerage");
  private static final long MB = 1_000_000;

  private static List<String> libraries() throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve("lib"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      long sum = 0;
      for (Path file :
          files.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }

  /** By default the JVM's heap starts with a 64th of the memory, too little for the class cache. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent",
        "operator",
        "speaker",
        "lab",
        "lint",
        "peers",
        "empty-status",
        "migrate-storage"
      })
  void everyCommandStartsInASmallContainer(String command) throws Exception {
    var builder =
        new ProcessBuilder(IMAGE.resolve("usr/bin/peerage").toString(), command, "--help");
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:MaxRAM=128m");
    Process program = builder.redirectErrorStream(true).start();
    program.getOutputStream().close();
    String said = new String(program.getInputStream().readAllBytes(), UTF_8);

    assertThat(program.waitFor()).as(said).isZero();
    assertThat(said).contains("Usage: peerage " + command);
  }

  @Test
  void librariesThatNothingNeedsAreLeftOut() throws IOException {
    assertThat(libraries())
        .noneMatch(name -> name.startsWith("log4j-"))
        .noneMatch(name -> name.startsWith("netty-transport-native-epoll-"))
        .noneMatch(name ->
            name.matches("kubernetes-model-(flowcontrol|gatewayapi|networking|policy|resource)-.*"))
        .anyMatch(name -> name.startsWith("kubernetes-model-core-"))
        .anyMatch(name -> name.startsWith("slf4j-jdk14-"));
  }

  @Test
  void theRuntimeHoldsTheModulesThatAreNamedAndWhatTheyRequire() throws Exception {
    Process java =
        new ProcessBuilder(HOME.resolve("jre/bin/java").toString(), "--list-modules")
            .redirectErrorStream(true)
            .start();
    java.getOutputStream().close();
    String modules = new String(java.getInputStream().readAllBytes(), UTF_8);

    assertThat(java.waitFor()).isZero();
    assertThat(modules)
        .contains("java.base@", "java.net.http@", "jdk.jcmd@")
        .doesNotContain("java.desktop@", "java.sql@", "java.naming@");
  }

  @Test
  void thePartsStayAsLargeAsInstallMdSays() throws IOException {
    assertThat(size(HOME.resolve("jre"))).as("runtime").isLessThan(55 * MB);
    assertThat(size(HOME.resolve("lib"))).as("libraries").isLessThan(24 * MB);
    assertThat(size(IMAGE)).as("all without the base").isLessThan(150 * MB);
  }

  /** Java names the source of each class that it loads. */
  @Test
  void aCommandTakesItsClassesFromTheCache() throws Exception {
    var builder = new ProcessBuilder(IMAGE.resolve("usr/bin/peerage").toString(), "--help");
    builder.environment().put("JDK_JAVA_OPTIONS", "-Xshare:on"); // ends where it cannot be used
    Process help = builder.redirectErrorStream(true).start();
    help.getOutputStream().close();
    String text = new String(help.getInputStream().readAllBytes(), UTF_8);

    assertThat(help.waitFor()).as(text).isZero();
    assertThat(text).contains("A BGP control plane");
  }
}
