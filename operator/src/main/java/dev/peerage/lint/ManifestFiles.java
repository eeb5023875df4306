package dev.peerage.lint;

import dev.peerage.lint.Finding.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds and reads manifest files: those that are named, all of a folder, standard input.
 *
 * @param subfolders whether a folder's folders are read too; hidden ones never are
 */
record ManifestFiles(boolean subfolders) {
  /** Where standard input is meant. */
  static final String STDIN = "-";

  /** How findings call it. */
  static final String STDIN_NAME = "standard input";

  private static final int MOST_FILES = 50_000;
  private static final int LARGEST = 64 << 20;
  private static final String NAMES = "[^.#].*\\.(yaml|yml|json)";

  /**
   * A file's text.
   *
   * @param file as people name it
   * @param named whether it was asked for by its name, and not found in a folder
   */
  record Text(String file, String text, boolean named) {}

  /** Gets what is read. */
  interface Sink {
    /** A file's text. */
    void text(Text text);

    /** Why something is not read. */
    void finding(Finding finding);
  }

  /**
   * Reads a file or a folder.
   *
   * @param withoutFolder whether files of a folder are named without it
   */
  void read(Path place, boolean withoutFolder, Sink sink) {
    if (!Files.isDirectory(place)) {
      file(place, shown(place), true, sink);
      return;
    }
    for (Path file : listed(place, sink)) {
      file(file, withoutFolder ? place.relativize(file).toString() : shown(file), false, sink);
    }
  }

  /** Reads all that comes. */
  void read(InputStream in, Sink sink) {
    try {
      decoded(STDIN_NAME, in.readNBytes(LARGEST + 1), true, sink);
    } catch (IOException e) {
      unreadable(STDIN_NAME, "cannot be read: " + e.getMessage(), "try again", sink);
    }
  }

  private static void file(Path file, String name, boolean named, Sink sink) {
    try (InputStream in = Files.newInputStream(file)) {
      decoded(name, in.readNBytes(LARGEST + 1), named, sink);
    } catch (NoSuchFileException _) {
      // What was listed and is gone is as if it had never been there.
      if (named) {
        unreadable(name, "there is no such file", "correct the name", sink);
      }
    } catch (IOException e) {
      unreadable(name, "cannot be read: " + e.getMessage(), "look at its permissions", sink);
    }
  }

  private static void decoded(String name, byte[] bytes, boolean named, Sink sink) {
    if (bytes.length > LARGEST) {
      unreadable(name, "is larger than 64 MiB", "split it into several files", sink);
      return;
    }
    try {
      sink.text(
          new Text(
              name,
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(),
              named));
    } catch (CharacterCodingException _) {
      unreadable(name, "is no text in UTF-8", "save it as UTF-8", sink);
    }
  }

  private static void unreadable(String file, String what, String remedy, Sink sink) {
    sink.finding(new Finding(FindingCode.UNREADABLE_FILE, Place.ofFile(file), what, remedy));
  }

  private List<Path> listed(Path folder, Sink sink) {
    List<Path> files = new ArrayList<>();
    Consumer<IOException> failed =
        e ->
            unreadable(
                shown(folder),
                "cannot be listed: " + e.getMessage(),
                "look at the folder's permissions",
                sink);
    try {
      Files.walkFileTree(folder, new Walk(folder, files, failed));
    } catch (IOException e) {
      failed.accept(e);
    }
    if (files.size() > MOST_FILES) {
      unreadable(
          shown(folder),
          "has more than " + MOST_FILES + " files, and those behind them are left out",
          "name its folders one by one",
          sink);
    }
    return files.stream().limit(MOST_FILES).sorted().toList();
  }

  /** Collects a folder's files; what cannot be looked at is told and left out. */
  private final class Walk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<Path> files;
    private final Consumer<IOException> failed;

    Walk(Path root, List<Path> files, Consumer<IOException> failed) {
      this.root = root;
      this.files = files;
      this.failed = failed;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      boolean visited =
          folder.equals(root) || subfolders && !folder.getFileName().toString().startsWith(".");
      return visited ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (file.getFileName().toString().matches(NAMES) && Files.isRegularFile(file)) {
        files.add(file);
      }
      return files.size() > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      failed.accept(e);
      return FileVisitResult.CONTINUE;
    }
  }

  /** As it was given, or from the working folder on: so CI systems find the file. */
  static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.isAbsolute() && path.startsWith(here)
        ? here.relativize(path).toString()
        : path.toString();
  }
}
