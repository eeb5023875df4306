package dev.peerage.why;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why something is announced or not, over all nodes.
 *
 * @param subject what was asked about, in lines
 * @param summary for each prefix how many nodes and peers have it
 * @param rows for each node, peer and prefix
 * @param causes what keeps it from being announced, each once
 * @param chain the links in order, and how far it holds
 * @param heard who hears it back from a router, a line each
 * @param changes what changed last, the newest first
 * @param notes what else there is to know
 * @param broken whether something that is to be announced is not
 */
public record Explanation(
    List<String> subject,
    List<String> summary,
    List<Row> rows,
    List<Cause> causes,
    List<Step> chain,
    List<String> heard,
    List<String> changes,
    List<String> notes,
    boolean broken) {
  public Explanation {
    subject = List.copyOf(subject);
    summary = List.copyOf(summary);
    rows = List.copyOf(rows);
    causes = List.copyOf(causes);
    chain = List.copyOf(chain);
    heard = List.copyOf(heard);
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  /** Whether a peer has a route. */
  public enum Announced {
    /** It was sent. */
    YES,
    /** It was not. */
    NO,
    /** The node's agent does not say. */
    UNKNOWN
  }

  /**
   * One node and peer.
   *
   * @param peer name and address; empty where the node has none
   * @param prefix empty where there is none
   * @param since when it became so, as far as that is known
   * @param cause the number of what keeps it, counted from 1; absent where it is announced
   */
  public record Row(
      String node,
      String peer,
      String prefix,
      Announced announced,
      String since,
      @Nullable Integer cause) {}

  /**
   * What keeps it.
   *
   * @param harmless whether it is so by design, and others announce it
   * @param places the nodes, or nodes and peers, that it concerns
   */
  public record Cause(Reason reason, boolean harmless, List<String> places) {
    public Cause {
      places = List.copyOf(places);
    }
  }

  /** A link of the chain. */
  public record Step(Link link, Standing standing) {}

  /** How a link is. */
  public enum Standing {
    /** It holds. */
    OK,
    /** It breaks here, somewhere. */
    BROKEN,
    /** An earlier one breaks. */
    NOT_REACHED
  }
}
