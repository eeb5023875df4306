package dev.peerage.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The C library's socket calls, for the one kind of socket that Java does not have. Each thread has
 * its own {@code errno}, that of its last call.
 */
final class LibC {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
  private static final MemoryLayout INT = ValueLayout.JAVA_INT;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  // size_t and ssize_t, on the 64-bit machines that this runs on.
  private static final MemoryLayout SIZE = ValueLayout.JAVA_LONG;

  private static volatile @Nullable LibC loaded;

  private final ThreadLocal<MemorySegment> state =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));
  private final MethodHandle socket = function("socket", INT, INT, INT, INT);
  private final MethodHandle setsockopt = function("setsockopt", INT, INT, INT, INT, POINTER, INT);
  private final MethodHandle bind = function("bind", INT, INT, POINTER, INT);
  private final MethodHandle getsockname = function("getsockname", INT, INT, POINTER, POINTER);
  private final MethodHandle send = function("send", SIZE, INT, POINTER, SIZE, INT);
  private final MethodHandle recvfrom =
      function("recvfrom", SIZE, INT, POINTER, SIZE, INT, POINTER, POINTER);
  private final MethodHandle close = function("close", INT, INT);

  private LibC() {}

  /** Throws if this is not Linux, or if native calls are not allowed here. */
  static LibC load() throws IOException {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      throw new IOException("there is no netlink on " + System.getProperty("os.name"));
    }
    LibC known = loaded;
    if (known != null) {
      return known;
    }
    try {
      var fresh = new LibC();
      loaded = fresh;
      return fresh;
    } catch (UnsupportedOperationException | IllegalCallerException | NoSuchElementException e) {
      throw new IOException("no native calls: " + e.getMessage(), e);
    }
  }

  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  int socket(int domain, int type, int protocol) {
    try {
      return (int) socket.invokeExact(state.get(), domain, type, protocol);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int setsockopt(int descriptor, int level, int name, MemorySegment value, int length) {
    try {
      return (int) setsockopt.invokeExact(state.get(), descriptor, level, name, value, length);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int bind(int descriptor, MemorySegment address, int length) {
    try {
      return (int) bind.invokeExact(state.get(), descriptor, address, length);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int getsockname(int descriptor, MemorySegment address, MemorySegment length) {
    try {
      return (int) getsockname.invokeExact(state.get(), descriptor, address, length);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  long send(int descriptor, MemorySegment content, long length) {
    try {
      return (long) send.invokeExact(state.get(), descriptor, content, length, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  long recvfrom(
      int descriptor,
      MemorySegment buffer,
      long length,
      int flags,
      MemorySegment address,
      MemorySegment addressLength) {
    try {
      return (long)
          recvfrom.invokeExact(
              state.get(), descriptor, buffer, length, flags, address, addressLength);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int close(int descriptor) {
    try {
      return (int) close.invokeExact(state.get(), descriptor);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The error number of this thread's last call. */
  int errno() {
    return (int) ERRNO.get(state.get(), 0L);
  }

  /** Throws if the result of this thread's last call says that it failed. */
  void check(String call, long result) throws IOException {
    if (result < 0) {
      int number = errno();
      String name =
          switch (number) {
            case 1 -> " (EPERM: not allowed here, for example by a seccomp profile)";
            case 13 -> " (EACCES: not allowed here)";
            case 24 -> " (EMFILE: too many open files)";
            case 97 -> " (EAFNOSUPPORT: this kernel has no netlink)";
            default -> "";
          };
      throw new IOException(call + " failed with errno " + number + name);
    }
  }

  // Calls into C throw nothing of their own.
  private static IllegalStateException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}
