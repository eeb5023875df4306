package dev.peerage.bgp.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How many TCP segments this host's network namespace has dropped for their MD5 signature. The
 * kernel tells nobody else: a connection with a wrong password looks like no connection.
 *
 * @param missing segments without a signature from an address that has a password here
 * @param unexpected segments with a signature from an address that has none
 * @param wrong segments with the signature of another password
 */
public record Md5Drops(long missing, long unexpected, long wrong) {
  private static final Path COUNTERS = Path.of("/proc/net/netstat");

  /** The counts now; empty where the kernel does not tell. */
  public static Optional<Md5Drops> read() {
    try {
      return parse(Files.readAllLines(COUNTERS));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** From pairs of lines, names and values. */
  static Optional<Md5Drops> parse(List<String> lines) {
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      List<String> names = Arrays.asList(lines.get(i).split(" ", -1));
      List<String> values = Arrays.asList(lines.get(i + 1).split(" ", -1));
      if (names.contains("TCPMD5Failure") && names.size() == values.size()) {
        return Optional.of(
            new Md5Drops(
                value(names, values, "TCPMD5NotFound"),
                value(names, values, "TCPMD5Unexpected"),
                value(names, values, "TCPMD5Failure")));
      }
    }
    return Optional.empty();
  }

  private static long value(List<String> names, List<String> values, String name) {
    int at = names.indexOf(name);
    try {
      return at < 0 ? 0 : Long.parseLong(values.get(at));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** What was dropped since then, in words; empty when nothing was. */
  public String since(Md5Drops before) {
    if (wrong > before.wrong) {
      return "segments with a wrong TCP MD5 signature";
    }
    if (missing > before.missing) {
      return "segments without the TCP MD5 signature that a password demands";
    }
    return unexpected > before.unexpected
        ? "segments with a TCP MD5 signature from a peer without a password"
        : "";
  }
}
