package dev.peerage.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A finished program.
 *
 * @param command what ran
 * @param exit its exit code
 * @param out its standard output
 * @param err its standard error
 */
public record Run(List<String> command, int exit, String out, String err) {

  /** Runs a program to its end. Fails when it takes longer than the limit. */
  public static Run of(Path folder, Duration limit, String input, List<String> command) {
    try {
      Path out = Files.createTempFile("out", ".txt");
      Path err = Files.createTempFile("err", ".txt");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
          stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw new AssertionError(
              "no end after " + limit + ": " + command + "\n" + read(out) + read(err));
        }
        return new Run(command, process.exitValue(), read(out), read(err));
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** The standard output of a program that must have succeeded. */
  public String succeeded() {
    if (exit != 0) {
      throw new AssertionError("exit " + exit + ": " + command + "\n" + out + err);
    }
    return out;
  }
}
