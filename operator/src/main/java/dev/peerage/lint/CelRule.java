package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A validation rule of a custom resource definition, in the part of CEL that ours use: {@code
 * self}, field selection, {@code has()}, comparisons, {@code !}, {@code -}, {@code &&}, {@code ||},
 * {@code ?:} and literals. Within this part it says what CEL says (the tests ask both); beyond it,
 * it says that it does not understand. ADR 9 tells why this is no library.
 */
record CelRule(CelExpression expression) {
  /** What came of reading a rule. */
  sealed interface Reading {
    /** It can be evaluated here. */
    record Understood(CelRule rule) implements Reading {}

    /**
     * It cannot, and nothing may be said about values.
     *
     * @param why what in it is not understood
     */
    record NotUnderstood(String why) implements Reading {}
  }

  static Reading read(String text) {
    try {
      return new Reading.Understood(new CelRule(CelParser.parse(text)));
    } catch (CelParser.NotUnderstoodException e) {
      return new Reading.NotUnderstood(e.getMessage());
    }
  }

  /**
   * Whether the value keeps the rule. As in the API server, a rule that fails, for example because
   * it compares a field that is not there, is not kept.
   */
  boolean holds(JsonNode self) {
    JsonNode value = expression.value(self);
    return value.isBoolean() && value.booleanValue();
  }
}
