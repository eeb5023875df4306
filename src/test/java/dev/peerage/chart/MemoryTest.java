package dev.peerage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Java's own limits together fit the memory that the chart gives: the kernel kills without a word.
 */
class MemoryTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  /** Threads, the collector's tables, the C library's heap, written pages of the class cache. */
  private static final int REST = 64;

  @ParameterizedTest
  @ValueSource(strings = {"agent", "operator", "speaker"})
  void allOfThemFull(String command) throws IOException, InterruptedException {
    String options = options(command);
    int limit = chartLimit();
    int heap = limit * option(options, "MaxRAMPercentage=(\\d+)") / 100;

    int sum =
        heap
            + option(options, "MaxDirectMemorySize=(\\d+)m")
            + option(options, "MaxMetaspaceSize=(\\d+)m")
            + option(options, "ReservedCodeCacheSize=(\\d+)m")
            + REST;

    assertThat(sum).as(options).isLessThanOrEqualTo(limit);
    assertThat(options)
        .as("a full heap ends the process at once and with a word")
        .contains("-XX:+ExitOnOutOfMemoryError")
        .as("so that JDK and Netty count direct buffers against one limit")
        .doesNotContain("io.netty.maxDirectMemory");
  }

  @Test
  void operatorAndAgentHaveTheSameLimit() {
    assertThat(limit(Chart.render().operator())).isEqualTo(chartLimit());
  }

  private static int chartLimit() {
    int limit = limit(Chart.render().agent());
    assertThat(limit).as("what HostileProcessTest runs a speaker with").isEqualTo(512);
    return limit;
  }

  private static int limit(PodTemplateSpec pod) {
    return mebibytes(String.valueOf(Chart.container(pod).getResources().getLimits().get("memory")));
  }

  private static int mebibytes(String quantity) {
    assertThat(quantity).endsWith("Mi");
    return Integer.parseInt(quantity.replace("Mi", ""));
  }

  private static int option(String options, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(options);
    assertThat(found.find()).as(pattern + " in " + options).isTrue();
    return Integer.parseInt(found.group(1));
  }

  private static String options(String command) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", ". image/jvm; jvm_in_image " + command)
            .directory(ROOT.toFile())
            .start();
    var options = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    return options;
  }
}
