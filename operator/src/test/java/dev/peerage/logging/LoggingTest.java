package dev.peerage.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a process of its own writes to standard error. */
class LoggingTest {
  /** Logs at all levels, by loggers of the program and of libraries, and once more as it ends. */
  static final class Talker {
    private Talker() {}

    static void main() {
      System.setProperty(Logging.PROPERTY, Logging.NAME);
      for (String name :
          List.of(
              "dev.peerage.agent.Agent",
              "com.example.Library",
              "io.javaoperatorsdk.operator.processing.event.EventProcessor",
              "io.fabric8.kubernetes.client.informers.impl.cache.Reflector",
              "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl")) {
        var log = LoggerFactory.getLogger(name);
        log.trace("line at {}", "trace");
        log.debug("line at {}", "debug");
        log.info("line at {}", "info");
        log.warn("line at {}", "warn");
        log.error("line at {}", "error");
      }
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                // The JDK's own hook, which runs beside this one, resets the log.
                waitForOtherHooks();
                LoggerFactory.getLogger("dev.peerage.agent.Agent").info("the last line");
              }));
      System.exit(0);
    }

    private static void waitForOtherHooks() {
      Thread self = Thread.currentThread();
      for (Thread each : Thread.getAllStackTraces().keySet()) {
        if (each != self && each.getClass().getName().startsWith("java.util.logging.")) {
          try {
            each.join();
          } catch (InterruptedException e) {
            self.interrupt();
          }
        }
      }
    }
  }

  private static List<String> lines(Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Talker.class.getName());
    builder.environment().keySet().removeIf(name -> name.startsWith("PEERAGE_LOG_"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.lines().map(line -> line.replaceFirst("^[-0-9T:.+Z]+ ", "")).toList();
  }

  @Test
  void theProgramWritesFromInfoAndLibrariesFromWarnOn() throws Exception {
    assertThat(lines(Map.of()))
        .containsExactly(
            "INFO  Agent: line at info",
            "WARN  Agent: line at warn",
            "ERROR Agent: line at error",
            "WARN  Library: line at warn",
            "ERROR Library: line at error",
            "ERROR EventProcessor: line at error",
            "ERROR JdkWebSocketImpl: line at error",
            "INFO  Agent: the last line");
  }

  @Test
  void theLevelIsTheProgramsOwn() throws Exception {
    assertThat(lines(Map.of("PEERAGE_LOG_LEVEL", "trace")))
        .startsWith(
            "TRACE Agent: line at trace",
            "DEBUG Agent: line at debug",
            "INFO  Agent: line at info",
            "WARN  Agent: line at warn",
            "ERROR Agent: line at error",
            "WARN  Library: line at warn");
    assertThat(lines(Map.of("PEERAGE_LOG_LEVEL", "error")))
        .containsExactly(
            "ERROR Agent: line at error",
            "WARN  Library: line at warn",
            "ERROR Library: line at error",
            "ERROR EventProcessor: line at error",
            "ERROR JdkWebSocketImpl: line at error");
  }

  @Test
  void aFormThatDoesNotExistIsSaidFirst() throws Exception {
    assertThat(lines(Map.of("PEERAGE_LOG_FORMAT", "xml")).getFirst())
        .isEqualTo(
            "WARN  Logging: PEERAGE_LOG_FORMAT is 'xml' and not text or json; it counts as not"
                + " set");
  }

  @Test
  void jsonIsWrittenByTheSameLoggers() throws Exception {
    assertThat(lines(Map.of("PEERAGE_LOG_FORMAT", "json")))
        .hasSize(8)
        .allMatch(line -> line.startsWith("{\"@timestamp\":\"") && line.endsWith("}"));
  }
}
