package dev.peerage.snapshot;

/** A file that is no snapshot to go by; the message says why, after "the snapshot". */
final class UnusableSnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableSnapshotException(String message) {
    super(message);
  }
}
