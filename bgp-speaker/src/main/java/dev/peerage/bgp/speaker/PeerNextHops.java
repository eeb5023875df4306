package dev.peerage.bgp.speaker;

import dev.peerage.bgp.export.NextHops;
import dev.peerage.bgp.rib.Rib;
import java.util.Optional;

/** What a peer is told as next hop while its session is up. To be used on the event loop only. */
final class PeerNextHops {
  private final Rib rib;
  private final SessionDriver session;
  private final String title;
  private final Runnable wake;
  private Optional<NextHopChoice> choice = Optional.empty();

  /**
   * For a peer that is down.
   *
   * @param title the session for logs
   * @param wake called when the peer has to be told something
   */
  PeerNextHops(Rib rib, SessionDriver session, String title, Runnable wake) {
    this.rib = rib;
    this.session = session;
    this.title = title;
    this.wake = wake;
  }

  /** Those of a session that has come up. */
  NextHops up(NextHopChoice now, DesiredPeer desired) {
    choice = Optional.of(now);
    now.log(desired, title, session.lines());
    return now.nextHops(desired);
  }

  void down() {
    choice = Optional.empty();
  }

  /** The desired state is another one: what has other next hops now is told again. */
  void changed(DesiredPeer before, DesiredPeer desired) {
    choice.ifPresent(from -> {
      NextHops now = from.nextHops(desired);
      if (!now.equals(from.nextHops(before))) {
        rib.nextHopsChanged(desired.name(), now);
        from.log(desired, title, session.lines());
        wake.run();
      }
    });
  }

  /** What is not as it should be, with what else is not, one line; or empty. */
  String warning(DesiredPeer desired, String other) {
    String words = choice.map(from -> from.warning(desired)).orElse("");
    return words.isEmpty() || other.isEmpty() ? words + other : other + "; " + words;
  }
}
