package dev.peerage.bgp.speaker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This host's name, without asking DNS. */
final class HostName {
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /** The name, or empty when the kernel does not tell. */
  static String read() {
    try {
      return Files.readString(KERNEL).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
