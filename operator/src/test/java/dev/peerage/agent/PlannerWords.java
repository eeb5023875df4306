package dev.peerage.agent;

import dev.peerage.announce.NodePlanner;
import dev.peerage.peering.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The words that the planner compares fields with, read from its compiled classes: a rule that
 * comes to know a new one brings it along.
 */
final class PlannerWords {
  static final Set<String> ALL = words();

  private PlannerWords() {}

  private static Set<String> words() {
    Set<String> words = new TreeSet<>();
    for (Class<?> room : new Class<?>[] {NodePlanner.class, Problem.class}) {
      try (Stream<Path> files = Files.list(folder(room))) {
        files.filter(file -> file.toString().endsWith(".class")).forEach(file -> add(file, words));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return words;
  }

  private static Path folder(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolve(type.getPackageName().replace('.', '/'));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(Path file, Set<String> words) {
    try {
      StreamSupport.stream(
              ClassFile.of().parse(file).constantPool().spliterator(), /* parallel= */ false)
          .filter(StringEntry.class::isInstance)
          .map(entry -> ((StringEntry) entry).stringValue())
          .filter(
              word -> !word.isBlank() && word.length() <= 60 && !word.matches(".*[\\s%\\x01].*"))
          // Not names of fields and of Java's constants: those say where, not what.
          .filter(word -> !word.matches("(spec|status|metadata)[.].*|.*;.*|[A-Z_]{3,}"))
          .forEach(words::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
