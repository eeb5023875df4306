package dev.peerage.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What is sent back. */
sealed interface Answer {
  /** A short one that is there. */
  record Whole(int status, String type, String text) implements Answer {}

  /** 200 with a body that is made while it is sent. */
  record Streamed(String type, Body body) implements Answer {}

  /** Writes a body; the stream need not be closed. */
  interface Body {
    void write(OutputStream out)
        throws IOException, InterruptedException, ExecutionException, TimeoutException;
  }

  /** One line for people. */
  static Answer text(int status, String text) {
    return new Whole(status, "text/plain; charset=utf-8", text + "\n");
  }
}
