package dev.peerage.table;

import dev.peerage.http.SessionAnswer;
import dev.peerage.http.StateAnswer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of {@code peerage peers}: one row per node, peer and family. */
public final class PeersTable {
  private static final List<String> HEADER =
      List.of(
          "Node",
          "Local AS",
          "Peer AS",
          "Peer Address",
          "Session State",
          "Uptime",
          "Family",
          "Received",
          "Advertised");

  private static final String REASON = "Reason";
  private static final List<String> WIDE = List.of("Peer", "Since", "Ended", REASON);

  private PeersTable() {}

  /**
   * Sorts by node, local ASN and peer address; repeated cells stay blank. Where a session is not
   * established there is a last column that says why.
   *
   * @param states by node name
   */
  public static String of(Map<String, StateAnswer> states) {
    boolean reasons =
        states.values().stream()
            .flatMap(state -> entries(state).stream())
            .anyMatch(entry -> !reason(entry.peer()).isEmpty());
    return of(states, reasons ? List.of(REASON) : List.of());
  }

  /** The same with the peers' names, times, how often their sessions ended, and reasons. */
  public static String wide(Map<String, StateAnswer> states) {
    return of(states, WIDE);
  }

  private static String of(Map<String, StateAnswer> states, List<String> more) {
    List<List<String>> rows = new ArrayList<>();
    new TreeMap<>(states)
        .forEach((node, state) -> {
          String name = node;
          for (Entry entry : entries(state)) {
            List<String> last =
                more.size() > 1 ? more(entry.peer()) : List.of(reason(entry.peer()));
            for (List<String> row : rows(name, entry)) {
              rows.add(join(row, more.isEmpty() ? List.of() : last));
              last = more.stream().map(_ -> "").toList();
            }
            name = "";
          }
        });
    return Columns.layout(join(HEADER, more), rows);
  }

  private static List<String> more(StateAnswer.Peer peer) {
    SessionAnswer session = peer.session();
    return List.of(
        peer.name(),
        session == null ? "-" : session.since().replaceFirst("\\.\\d+Z$", "Z"),
        session == null ? "-" : Integer.toString(session.ends()),
        reason(peer));
  }

  /** Why a session is not established, or what is wrong with one that is. */
  private static String reason(StateAnswer.Peer peer) {
    if (!peer.isEstablished()) {
      return peer.lastError().isEmpty() ? "no connection has been tried yet" : peer.lastError();
    }
    SessionAnswer session = peer.session();
    return session == null ? "" : session.warning();
  }

  private record Entry(long localAsn, StateAnswer.Peer peer) {}

  private static List<Entry> entries(StateAnswer state) {
    return state.instances().stream()
        .flatMap(
            instance -> instance.peers().stream().map(peer -> new Entry(instance.localASN(), peer)))
        .sorted(
            Comparator.comparingLong(Entry::localAsn)
                .thenComparing(entry -> entry.peer().peerAddress())
                .thenComparing(entry -> entry.peer().name()))
        .toList();
  }

  private static List<List<String>> rows(String node, Entry entry) {
    StateAnswer.Peer peer = entry.peer();
    Long seconds = peer.uptimeSeconds();
    String uptime = seconds == null ? "-" : GoDuration.ofSeconds(seconds);
    List<String> first =
        List.of(
            node,
            Long.toString(entry.localAsn()),
            Long.toString(peer.peerASN()),
            peer.peerAddress(),
            peer.state(),
            uptime);
    List<String> blank = List.of("", "", "", "", "", "");
    List<List<String>> rows = new ArrayList<>();
    for (StateAnswer.Family family : peer.families()) {
      rows.add(
          join(
              rows.isEmpty() ? first : blank,
              List.of(
                  family.afi() + "/" + family.safi(),
                  Integer.toString(family.received()),
                  Integer.toString(family.advertised()))));
    }
    return rows.isEmpty() ? List.of(join(first, List.of("", "", ""))) : rows;
  }

  private static List<String> join(List<String> left, List<String> right) {
    List<String> row = new ArrayList<>(left);
    row.addAll(right);
    return row;
  }
}
