package dev.peerage.lab;

/** The lab cannot go on; the message says why and what to do. */
public final class LabException extends Exception {
  LabException(String message, Throwable cause) {
    super(message, cause);
  }

  LabException(String message) {
    super(message);
  }
}
