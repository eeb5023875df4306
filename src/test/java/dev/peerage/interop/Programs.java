package dev.peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code interop/install} has put into the user's cache folder. */
public final class Programs {
  private Programs() {}

  /** The folder with gobgpd and gobgp. */
  public static Path gobgp() {
    return newest("gobgp-");
  }

  /** Helm, which {@code cluster/cluster build} has built. */
  public static Path helm() {
    return newest("helm-").resolve("helm");
  }

  /** What to write before a command so that it runs from Debian unstable's packages. */
  static List<String> unstable() {
    return List.of(
        Ground.file("interop/in-tree").toString(), newest("debian-unstable-").toString());
  }

  private static Path newest(String prefix) {
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path folder =
        (cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
            .resolve("peerage/bin");
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .max(Path::compareTo)
          .orElseThrow(() ->
              new AssertionError("no " + prefix + "* in " + folder + "; run interop/install"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
