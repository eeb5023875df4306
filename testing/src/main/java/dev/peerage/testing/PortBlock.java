package dev.peerage.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fifteen TCP ports for programs that cannot choose one themselves. They are this process's as long
 * as it lives: they lie below the range from which the kernel takes ports of its own choice (32768
 * and up on Linux), and a socket bound to the block's first port keeps other tests out.
 */
public final class PortBlock {
  /** How many blocks there are. */
  public static final int COUNT = 512;

  private static final int FIRST = 20_000;
  private static final int SIZE = 16;

  private final int number;
  private final ServerSocket claim;

  private PortBlock(int number, ServerSocket claim) {
    this.number = number;
    this.claim = claim;
  }

  /** A block that nobody has, on which nobody listens. */
  public static PortBlock claim() {
    int start = ThreadLocalRandom.current().nextInt(COUNT);
    for (int i = 0; i < COUNT; i++) {
      int number = (start + i) % COUNT;
      Optional<ServerSocket> claim = listen(FIRST + SIZE * number);
      if (claim.isPresent()) {
        PortBlock block = new PortBlock(number, claim.get());
        if (block.isFree()) {
          return block;
        }
      }
    }
    throw new IllegalStateException(
        "somebody listens in each of " + COUNT + " blocks of ports from " + FIRST);
  }

  /** Closed with the process. */
  private static Optional<ServerSocket> listen(int port) {
    try {
      return Optional.of(new ServerSocket(port));
    } catch (IOException e) {
      return Optional.empty(); // somebody has it
    }
  }

  private boolean isFree() {
    try {
      for (int i = 1; i < SIZE; i++) {
        new ServerSocket(claim.getLocalPort() + i).close();
      }
      return true;
    } catch (IOException e) {
      return false; // stays claimed, so that this process looks no second time
    }
  }

  /** Its number, from 0 to {@link #COUNT} - 1: no other process has the same at this time. */
  public int number() {
    return number;
  }

  /**
   * One of its ports.
   *
   * @param index from 0 to 14
   */
  public int port(int index) {
    if (index < 0 || index >= SIZE - 1) {
      throw new IllegalArgumentException("a block has " + (SIZE - 1) + " ports, not " + index);
    }
    return claim.getLocalPort() + 1 + index;
  }
}
