package dev.peerage.snapshot;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The file of a node's snapshot. It is replaced as a whole: whoever reads it, after whatever fault,
 * finds the old one or the new one. One thread at a time.
 */
public final class SnapshotFile {
  /** The longest file that is written or read: some 45,000 Services that are announced. */
  public static final long LONGEST = 32L << 20;

  /** The file's name in its folder. */
  public static final String NAME = "agent.snapshot";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path folder;
  private final Path file;
  private final Path next;
  private final long longest;

  /**
   * A file that need not exist.
   *
   * @param folder where it is; must be there when it is written
   */
  public SnapshotFile(Path folder) {
    this(folder, LONGEST);
  }

  SnapshotFile(Path folder, long longest) {
    this.folder = folder;
    this.file = folder.resolve(NAME);
    this.next = folder.resolve(NAME + ".new");
    this.longest = longest;
  }

  /** Where it is. */
  public Path path() {
    return file;
  }

  /**
   * Reads it.
   *
   * @param nodeName the node that it must be of
   * @param now to tell its age
   * @param maxAge how old it may be
   */
  public Reading read(String nodeName, Moment now, Duration maxAge) {
    try {
      PosixFileAttributes attributes =
          Files.readAttributes(file, PosixFileAttributes.class, NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        return new Reading.Unusable("is no regular file");
      }
      if (attributes.permissions().stream().anyMatch(OTHERS_WRITE::contains)) {
        return new Reading.Unusable("may be written by others than its owner");
      }
      return judge(SnapshotFormat.read(bytes()), nodeName, now, maxAge);
    } catch (NoSuchFileException _) {
      return new Reading.Absent();
    } catch (UnusableSnapshotException e) {
      return new Reading.Unusable(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Reading.Unusable("cannot be read: " + e);
    }
  }

  private byte[] bytes() throws IOException, UnusableSnapshotException {
    try (InputStream in =
        Channels.newInputStream(
            Files.newByteChannel(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS)))) {
      byte[] bytes = in.readNBytes(Math.toIntExact(longest + 1));
      if (bytes.length > longest) {
        throw new UnusableSnapshotException("is longer than " + longest + " bytes");
      }
      return bytes;
    }
  }

  private static Reading judge(Snapshot snapshot, String nodeName, Moment now, Duration maxAge) {
    if (!snapshot.nodeName().equals(nodeName)) {
      return new Reading.Unusable("is of another node, " + snapshot.nodeName());
    }
    Optional<Duration> age = now.since(snapshot.taken());
    if (age.isEmpty()) {
      return new Reading.Unusable(
          "was taken at %s, later than it is by this node's clock (%s), so that its age is unknown"
              .formatted(snapshot.taken().time(), now.time()));
    }
    if (age.get().compareTo(maxAge) > 0) {
      return new Reading.Unusable(
          "was taken at %s and is %d s old; %d s are allowed"
              .formatted(snapshot.taken().time(), age.get().toSeconds(), maxAge.toSeconds()));
    }
    return new Reading.Usable(snapshot, age.get());
  }

  /**
   * Replaces it.
   *
   * @return its length in bytes
   * @throws IOException when it cannot be written, or would be too long; the file is as it was
   */
  public long write(Snapshot snapshot) throws IOException {
    try {
      Files.deleteIfExists(next);
      long length;
      try (FileChannel channel =
          FileChannel.open(
              next,
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
        var out = new BufferedOutputStream(new Limited(Channels.newOutputStream(channel)), 1 << 16);
        SnapshotFormat.write(snapshot, out);
        out.flush();
        channel.force(true);
        length = channel.position();
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      syncFolder();
      return length;
    } catch (IOException e) {
      discard();
      throw e;
    }
  }

  /** Removes it, so that nothing is announced by it any more. */
  public void delete() throws IOException {
    discard();
    Files.deleteIfExists(file);
  }

  /** So that a machine that loses its power has the new name too. */
  private void syncFolder() throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private void discard() {
    try {
      Files.deleteIfExists(next);
    } catch (IOException _) {
      // The next write tries again; what is told is why this one failed.
    }
  }

  private final class Limited extends FilterOutputStream {
    private long left = longest;

    Limited(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      left -= length;
      if (left < 0) {
        throw new IOException("it would be longer than " + longest + " bytes");
      }
      out.write(bytes, from, length);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }
  }
}
