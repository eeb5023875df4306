package dev.peerage.bgp.export;

import java.util.List;

/** Which routes of the loc-rib a peer gets, and with what attributes. */
public sealed interface ExportPolicy {

  /** Everything, unchanged: what FRR does with {@code no bgp ebgp-requires-policy}. */
  record All() implements ExportPolicy {}

  /**
   * Locally originated routes only, by the first statement that names the prefix; all else is
   * rejected (RFC 8212).
   *
   * @param name the policy's name, as tables show it
   * @param statements in order of evaluation
   */
  record Statements(String name, List<ExportStatement> statements) implements ExportPolicy {
    public Statements {
      statements = List.copyOf(statements);
    }
  }

  /** Whether routes that peers sent can be exported. */
  default boolean exportsLearned() {
    return switch (this) {
      case All() -> true;
      case Statements _ -> false;
    };
  }

  /** Whether another policy exports the same, whatever its name. */
  default boolean exportsAs(ExportPolicy other) {
    return switch (this) {
      case All() -> other instanceof All;
      case Statements(String _, List<ExportStatement> statements) ->
          other instanceof Statements that
              && (statements == that.statements || statements.equals(that.statements));
    };
  }
}
