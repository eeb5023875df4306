package dev.peerage.bgp.transport;

import java.io.FileNotFoundException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A socket's failure in words. */
public final class Cause {
  // Native transport: "finishConnect(..) failed with error(-111): Connection refused:
  // /10.0.0.1:179"
  private static final Pattern NATIVE = Pattern.compile(".*error\\(-?(\\d+)\\): ([^:]+).*");

  private static final int EACCES = 13;

  private Cause() {}

  /** For example {@code connection refused}. */
  public static String words(Throwable failure) {
    if (failure instanceof ClosedChannelException) {
      return "the peer closed the connection";
    }
    // What Netty adds is where it happened, also behind the missing message of another exception.
    String message = failure.getMessage();
    String said = message == null ? "" : withoutAddress(message);
    if (said.isBlank() || said.equals("null")) {
      return withoutMessage(failure);
    }
    Matcher kernel = NATIVE.matcher(message);
    return kernel.matches()
        ? errno(Integer.parseInt(kernel.group(1)), kernel.group(2))
        : lowerCase(said);
  }

  /** Whether the kernel says that this process lacks a right. */
  static boolean isMissingRight(Throwable failure) {
    String message = failure.getMessage();
    if (message == null) {
      return false;
    }
    Matcher kernel = NATIVE.matcher(message);
    return kernel.matches()
        ? Integer.parseInt(kernel.group(1)) == EACCES
        : message.contains("Permission denied");
  }

  /** What Linux's error numbers mean for a BGP connection, where the C library says it poorly. */
  private static String errno(int number, String text) {
    return switch (number) {
      case 1 ->
          "operation not permitted (a packet filter of this host, or a missing right)"; // EPERM
      case EACCES -> "permission denied (a prohibit route, a packet filter, or a missing right)";
      case 23, 24 -> "too many open files"; // ENFILE, EMFILE
      case 12, 105 -> "the kernel has no memory for it"; // ENOMEM, ENOBUFS
      case 97 -> "this host does not have the peer's IP version"; // EAFNOSUPPORT
      case 100 -> "the network device is down"; // ENETDOWN
      case 112 -> "the peer's host is down"; // EHOSTDOWN
      case 113 -> "no route to host"; // EHOSTUNREACH
      case 32 -> "the peer does not read any more (broken pipe)"; // EPIPE
      default -> lowerCase(text);
    };
  }

  /** Netty's native transport and the JDK have some exceptions that say nothing but their class. */
  private static String withoutMessage(Throwable failure) {
    return switch (failure) {
      case NoRouteToHostException _ ->
          "host or network unreachable (no route, or no answer on the link)";
      case PortUnreachableException _ -> "port unreachable";
      case BindException _ -> "the local address cannot be used";
      case ConnectException _ -> "the connection was not made";
      case SocketTimeoutException _ -> "connection timed out";
      case UnresolvedAddressException _ -> "the address is not resolved";
      case UnsupportedAddressTypeException _ -> "this host does not have the peer's IP version";
      case NotYetConnectedException _ -> "the connection is not there yet";
      case FileNotFoundException _ -> "no such address"; // Netty's name for ENOENT
      default -> failure.getClass().getSimpleName();
    };
  }

  private static String withoutAddress(String message) {
    int address = message.indexOf(": /");
    return address < 0 ? message : message.substring(0, address);
  }

  private static String lowerCase(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
