package dev.peerage.bgp.transport;

import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A socket's failure in words. */
public final class Cause {
  // Native transport: "finishConnect(..) failed with error(-111): Connection refused:
  // /10.0.0.1:179"
  private static final Pattern NATIVE = Pattern.compile(".*error\\(-?\\d+\\): ([^:]+).*");

  private Cause() {}

  /** For example {@code connection refused}. */
  public static String words(Throwable failure) {
    if (failure instanceof ClosedChannelException) {
      return "the peer closed the connection";
    }
    String message = failure.getMessage();
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    Matcher nativeMessage = NATIVE.matcher(message);
    String words = nativeMessage.matches() ? nativeMessage.group(1) : message;
    int address = words.indexOf(": /");
    return (address < 0 ? words : words.substring(0, address)).toLowerCase(Locale.ROOT);
  }
}
