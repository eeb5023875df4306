package dev.peerage.table;

/**
 * Durations as Go prints them, rounded to seconds: {@code 48s}, {@code 10m59s}, {@code 1h11m13s}.
 */
public final class GoDuration {
  private GoDuration() {}

  /**
   * Formats a duration.
   *
   * @param seconds 0 or more
   */
  public static String ofSeconds(long seconds) {
    var text = new StringBuilder();
    if (seconds >= 3600) {
      text.append(seconds / 3600).append('h');
    }
    if (seconds >= 60) {
      text.append(seconds / 60 % 60).append('m');
    }
    return text.append(seconds % 60).append('s').toString();
  }
}
