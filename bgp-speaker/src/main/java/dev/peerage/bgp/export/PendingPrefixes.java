package dev.peerage.bgp.export;

import dev.peerage.bgp.prefix.PrefixTable;
import dev.peerage.bgp.wire.AddressFamily;
import org.jspecify.annotations.Nullable;

/**
 * The prefixes about which an update group has to decide anew. They are decided in batches: what is
 * pending when a batch begins; what changes meanwhile waits for the next one. A batch can stop
 * anywhere and go on later.
 */
final class PendingPrefixes {
  private final AddressFamily family;

  /** Changed since the last batch began. */
  private PrefixTable<Boolean> changed;

  /** Whether the next batch looks at the whole loc-rib too. */
  private boolean everything;

  /** The changed prefixes of the batch that is under way. */
  private PrefixTable<Boolean> batch;

  /**
   * Where the batch goes on in its changed prefixes, and below in the loc-rib; {@link
   * BestPaths#END} when it is through with them.
   */
  private int batchAt = BestPaths.END;

  private int sweepAt = BestPaths.END;

  /** How many prefixes the call under way has decided. */
  private int decided;

  /** Decides about one prefix. */
  interface Decision {
    /**
     * Called for each prefix; twice in one batch for one that is both marked and in the loc-rib
     * when that is gone through.
     *
     * @param best null when the prefix has no path any more
     */
    void decide(@Nullable BestPath best, long high, long low, int length);
  }

  PendingPrefixes(AddressFamily family) {
    this.family = family;
    this.changed = new PrefixTable<>(family);
    this.batch = changed;
  }

  void add(long high, long low, int length) {
    changed.put(high, low, length, true, 0);
  }

  /** Adds all prefixes that the loc-rib has by the time that the batch comes to them. */
  void addEverything() {
    everything = true;
  }

  /** Whether the next batch looks at the whole loc-rib. */
  boolean isEverything() {
    return everything;
  }

  /** Whether the next batch, or the one under way, looks at the whole loc-rib. */
  boolean awaitsEverything() {
    return everything || sweepAt != BestPaths.END;
  }

  boolean isEmpty() {
    return !everything && changed.size() == 0 && !isUnderWay();
  }

  /** Whether a batch is decided in part. */
  boolean isUnderWay() {
    return batchAt != BestPaths.END || sweepAt != BestPaths.END;
  }

  /** Roughly how many prefixes have to be decided; one that is marked twice counts twice. */
  int load(BestPaths locRib) {
    return changed.size()
        + (awaitsEverything() ? locRib.size(family) : 0)
        + (batchAt == BestPaths.END ? 0 : batch.size());
  }

  /**
   * Goes on with the batch under way, or begins one.
   *
   * @param limit the most prefixes to decide in this call
   * @return how many were decided
   */
  int advance(BestPaths locRib, int limit, Decision decision) {
    if (!isUnderWay()) {
      begin();
    }
    decided = 0;
    if (batchAt != BestPaths.END) {
      batchAt =
          batch.forEach(
              batchAt,
              limit,
              (high, low, length, _, _) ->
                  decide(decision, locRib.best(family, high, low, length), high, low, length));
    }
    if (batchAt == BestPaths.END && sweepAt != BestPaths.END && decided < limit) {
      sweepAt =
          locRib.forEachBest(
              family,
              sweepAt,
              limit - decided,
              (high, low, length, best) -> decide(decision, best, high, low, length));
    }
    if (!isUnderWay()) {
      batch = changed; // the decided prefixes need no memory any more
    }
    return decided;
  }

  private void begin() {
    batch = changed;
    batchAt = changed.size() > 0 ? 0 : BestPaths.END;
    sweepAt = everything ? 0 : BestPaths.END;
    changed = new PrefixTable<>(family);
    everything = false;
  }

  private void decide(Decision decision, @Nullable BestPath best, long high, long low, int length) {
    decided++;
    decision.decide(best, high, low, length);
  }

  /** A copy that begins anew with a batch that is under way here. */
  PendingPrefixes copy() {
    var copy = new PendingPrefixes(family);
    batch.forEach((high, low, length, _, _) -> copy.add(high, low, length));
    changed.forEach((high, low, length, _, _) -> copy.add(high, low, length));
    copy.everything = awaitsEverything();
    return copy;
  }
}
