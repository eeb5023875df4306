package dev.peerage.lbipam;

import java.time.Instant;

/**
 * Plans from a snapshot alone, as after a restart. The same snapshot always yields the same plan.
 */
public final class IpamPlanner {
  private IpamPlanner() {}

  /**
   * Plans all Services.
   *
   * @param now what a condition whose status flips gets as its transition time
   */
  public static IpamPlan plan(IpamSnapshot snapshot, Instant now) {
    var ledger = new Ledger(Responsibility.DEFAULT);
    ledger.pools(snapshot.pools());
    snapshot.services().forEach(ledger::service);
    var changes = ledger.decide(now);
    return new IpamPlan(changes, ledger.conditions(now));
  }
}
