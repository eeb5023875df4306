package dev.peerage.standalone;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.yaml.FileProblem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A speaker that does what a file says, and follows the file. */
public final class StandaloneSpeaker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StandaloneSpeaker.class);

  private final Path file;
  private final Speaker speaker;
  private final FileWatch watch;
  // Changed by the reading thread: first the starting one, then the watching one.
  private volatile DesiredSpeaker applied = DesiredSpeaker.NOTHING;
  private List<FileProblem> reported = List.of();

  private StandaloneSpeaker(Path file, SpeakerSettings settings) throws IOException {
    this.file = file;
    this.watch = FileWatch.of(file, this::reread);
    this.speaker = Speaker.start(settings);
  }

  /** Thrown when the file cannot be used at the start. */
  public static final class BadFileException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient List<FileProblem> problems;

    private BadFileException(List<FileProblem> problems) {
      super(text(problems));
      this.problems = List.copyOf(problems);
    }

    /** All that is wrong. */
    public List<FileProblem> problems() {
      return problems;
    }
  }

  /**
   * Reads the file and starts a speaker.
   *
   * @throws BadFileException when the file cannot be used; nothing has been started then
   * @throws IOException when the file cannot be watched
   */
  public static StandaloneSpeaker start(Path file, SpeakerSettings settings)
      throws BadFileException, IOException {
    switch (read(file)) {
      case SpeakerFile.Outcome.Bad(var problems) -> throw new BadFileException(problems);
      case SpeakerFile.Outcome.Good _ -> {
        // Read again below, after the watch has begun, so that no change is missed.
      }
    }
    var started = new StandaloneSpeaker(file, settings);
    started.reread();
    started.watch.start();
    return started;
  }

  /** The speaker. */
  public Speaker speaker() {
    return speaker;
  }

  /** What the file said last when it was good. Any thread. */
  public DesiredSpeaker desired() {
    return applied;
  }

  /** Reads the file again, as if it had changed. Any thread. */
  public void reload() {
    watch.look();
  }

  private void reread() {
    switch (read(file)) {
      case SpeakerFile.Outcome.Good(var desired) -> {
        reported = List.of();
        boolean same = desired.equals(applied);
        log.info("{}: read{}", file, same ? ", nothing changed" : "; now comes into force");
        if (!same) {
          applied = desired;
          speaker.apply(desired).join();
        }
      }
      case SpeakerFile.Outcome.Bad(var problems) -> {
        if (!problems.equals(reported)) {
          log.error(
              "{}: cannot be used; what it said before stays in force until it is mended:\n{}",
              file,
              text(problems));
          reported = problems;
        }
      }
    }
  }

  private static SpeakerFile.Outcome read(Path file) {
    String name = file.toString();
    try {
      return SpeakerFile.read(name, Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return unreadable(name, "there is no such file", "write it, or name another with -f");
    } catch (CharacterCodingException e) {
      return unreadable(name, "not UTF-8 text", "save it as UTF-8");
    } catch (IOException e) {
      return unreadable(name, "cannot be read: " + e, "look at its permissions");
    }
  }

  private static SpeakerFile.Outcome unreadable(String name, String what, String remedy) {
    return new SpeakerFile.Outcome.Bad(List.of(new FileProblem(name, 0, "", what, remedy)));
  }

  private static String text(List<FileProblem> problems) {
    return problems.stream().map(FileProblem::toString).collect(Collectors.joining("\n"));
  }

  /** Ends all sessions: silently where graceful restart is on, with a Cease elsewhere. */
  @Override
  public void close() throws IOException {
    watch.close();
    speaker.close(Shutdown.GRACEFUL_RESTART).join();
  }
}
