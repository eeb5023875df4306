package dev.peerage.bgp.wire;

/** Any bytes as NOTIFICATION; a person must be able to read what becomes of it. */
public final class NotificationFuzz {
  private static final int LONGEST_TEXT = 2000;

  private NotificationFuzz() {}

  /** Called by Jazzer and by the replay of the corpus. */
  public static void fuzzerTestOneInput(byte[] input) {
    CodecContext context = FuzzInput.context(input);
    try {
      Notification notification =
          (Notification)
              MessageCodec.decode(FuzzInput.message(MessageType.NOTIFICATION, input), context);
      String text = notification.text();
      if (text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
        throw new AssertionError("not fit for a log: " + text);
      }
      FuzzInput.roundTrip(notification, context);
    } catch (MalformedMessageException e) {
      FuzzInput.roundTrip(e.error().notification(), context);
    }
  }
}
