package dev.peerage.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace of one thread: what it starts, threads, sockets and programs, is in it too.
 * It goes away with the last of them.
 */
public final class Namespace {
  private static final int CLONE_NEWNET = 0x40000000;

  private Namespace() {}

  /** What runs in the namespace. */
  public interface Body {
    /** Throws whatever a test may throw. */
    void run() throws Exception;
  }

  /** Runs this in a fresh namespace, which only root can make; skips the test otherwise. */
  public static void in(Body body) {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "a network namespace needs root");
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          Assertions.assertEquals(0, unshare(), "a namespace of its own");
          ip("link set lo up");
          body.run();
          return true;
        });
    Thread.ofPlatform().name("namespace").start(task);
    try {
      task.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Error error ? error : new AssertionError(e.getCause());
    }
  }

  private static int unshare() {
    Linker linker = Linker.nativeLinker();
    MethodHandle unshare =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("unshare"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) unshare.invokeExact(CLONE_NEWNET);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs commands of ip(8), separated by semicolons, in the namespace of this thread. */
  public static void ip(String commands) throws IOException, InterruptedException {
    Process ip = new ProcessBuilder(List.of("ip", "-batch", "-")).redirectErrorStream(true).start();
    try (var in = ip.outputWriter(UTF_8)) {
      for (String command : commands.split(";", -1)) {
        in.write(command.strip() + "\n");
      }
    }
    var output = new String(ip.getInputStream().readAllBytes(), UTF_8);
    Assertions.assertEquals(0, ip.waitFor(), commands + "\n" + output);
  }
}
