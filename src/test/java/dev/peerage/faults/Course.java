package dev.peerage.faults;

import java.util.ArrayList;
import java.util.List;

/** A row while it runs: what its fault needs and tells. */
final class Course {
  private final Probes probes;
  private final List<String> remarks = new ArrayList<>();

  Course(Probes probes) {
    this.probes = probes;
  }

  /**
   * Lets a fault last until each target has been asked so many times more. A fault is as long as
   * what it could disturb, not as a clock says: on a slow machine it lasts longer, and the same
   * requests are asked.
   */
  void requests(int number) {
    probes.awaitRequests(number);
  }

  /** Waits until all targets answer again. */
  void answers() {
    probes.awaitAnswers(20);
  }

  /** Something for the reader of the table. */
  void remark(String text) {
    remarks.add(text);
  }

  List<String> remarks() {
    return List.copyOf(remarks);
  }
}
