package dev.peerage.announce;

import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.wire.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * A decision that is another one than in the plan before.
 *
 * @param before what was decided; empty: there was nothing to decide
 * @param after what is decided; empty: there is nothing to decide any more
 */
public record DecisionChange(
    String instance,
    String peer,
    Subject subject,
    Optional<Prefix> prefix,
    Optional<Outcome> before,
    Optional<Outcome> after) {

  /**
   * What changed between two plans.
   *
   * @param changes the first ones
   * @param more whether there are others that are not in the list
   */
  public record Some(List<DecisionChange> changes, boolean more) {
    /** No change. */
    public static final Some NONE = new Some(List.of(), false);

    public Some {
      changes = List.copyOf(changes);
    }
  }
}
