package dev.peerage.http;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What a looking glass can say beyond its speaker's state. The answers are written as JSON. */
public interface Explaining {
  /**
   * Why something is announced or not.
   *
   * @param query the request's parameters; {@link IllegalArgumentException} says what is wrong with
   *     them
   */
  Object why(Map<String, String> query)
      throws InterruptedException, ExecutionException, TimeoutException;

  /** What cannot be done as it is written. */
  Object problems();
}
