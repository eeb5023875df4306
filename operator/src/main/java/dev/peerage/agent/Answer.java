package dev.peerage.agent;

/** What the API server says when it is asked for one object. */
sealed interface Answer<T> {
  /** Here it is. */
  record Found<T>(T object) implements Answer<T> {}

  /** It does not exist. */
  record Missing<T>() implements Answer<T> {}

  /**
   * Whoever asks has no right to know, or is nobody any more.
   *
   * @param why what the API server says
   */
  record Refused<T>(String why) implements Answer<T> {}

  /**
   * No answer, or one of something that went wrong.
   *
   * @param why what is known of it
   */
  record Silence<T>(String why) implements Answer<T> {}
}
