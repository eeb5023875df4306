package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates validation rules of custom resource definitions: the part of CEL that ours use, namely
 * {@code self}, field selection, {@code has()}, comparisons, {@code !}, {@code &&}, {@code ||},
 * {@code ?:} and literals. A test holds every rule of the chart's definitions within that part.
 */
final class CelRules {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(\\w+|'[^']*'|\"[^\"]*\"|<=|>=|==|!=|&&|\\|\\||[-<>!?:().\\[\\],])");

  private final List<String> tokens = new ArrayList<>();
  private final JsonNode self;
  private int at;

  private CelRules(String rule, JsonNode self) {
    Matcher matcher = TOKEN.matcher(rule.strip());
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    if (end != rule.strip().length()) {
      throw new UnsupportedOperationException(rule);
    }
    this.self = self;
  }

  /** Whether the rule can be evaluated here. */
  static boolean understood(String rule) {
    try {
      new CelRules(rule, JsonNodeFactory.instance.objectNode()).whole();
      return true;
    } catch (UnsupportedOperationException _) {
      return false;
    }
  }

  /** Whether the value keeps the rule. Rules that are not understood are left to the API server. */
  static boolean holds(String rule, JsonNode self) {
    try {
      return new CelRules(rule, self).whole().booleanValue();
    } catch (UnsupportedOperationException _) {
      return true;
    }
  }

  private JsonNode whole() {
    JsonNode value = choice();
    if (at != tokens.size()) {
      throw new UnsupportedOperationException("after " + tokens.subList(0, at));
    }
    return value;
  }

  private JsonNode choice() {
    JsonNode condition = either();
    if (!accept("?")) {
      return condition;
    }
    JsonNode yes = choice();
    expect(":");
    JsonNode no = choice();
    return condition.booleanValue() ? yes : no;
  }

  private JsonNode either() {
    boolean value = false;
    JsonNode first = both();
    if (!peek("||")) {
      return first;
    }
    value = first.booleanValue();
    while (accept("||")) {
      value |= both().booleanValue();
    }
    return BooleanNode.valueOf(value);
  }

  private JsonNode both() {
    JsonNode first = comparison();
    if (!peek("&&")) {
      return first;
    }
    boolean value = first.booleanValue();
    while (accept("&&")) {
      value &= comparison().booleanValue();
    }
    return BooleanNode.valueOf(value);
  }

  private JsonNode comparison() {
    JsonNode left = unary();
    for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
      if (accept(operator)) {
        return BooleanNode.valueOf(compare(left, operator, unary()));
      }
    }
    return left;
  }

  private static boolean compare(JsonNode left, String operator, JsonNode right) {
    boolean equal =
        left.isNumber() && right.isNumber()
            ? left.longValue() == right.longValue()
            : left.equals(right);
    int order = Long.compare(left.longValue(), right.longValue());
    // CEL refuses to compare what is not there, and the rule is broken.
    boolean present = !left.isMissingNode() && !right.isMissingNode();
    return present
        && switch (operator) {
          case "==" -> equal;
          case "!=" -> !equal;
          case "<=" -> order <= 0;
          case ">=" -> order >= 0;
          case "<" -> order < 0;
          case ">" -> order > 0;
          default -> throw new UnsupportedOperationException(operator);
        };
  }

  private JsonNode unary() {
    if (accept("!")) {
      return BooleanNode.valueOf(!unary().booleanValue());
    }
    if (accept("-")) {
      return LongNode.valueOf(-unary().longValue());
    }
    if (accept("(")) {
      JsonNode value = choice();
      expect(")");
      return value;
    }
    if (accept("has")) {
      expect("(");
      JsonNode value = unary();
      expect(")");
      return BooleanNode.valueOf(!value.isMissingNode());
    }
    return operand();
  }

  private JsonNode operand() {
    String token = at < tokens.size() ? tokens.get(at++) : "the end";
    if (token.equals("self")) {
      JsonNode value = self;
      while (accept(".")) {
        value = value.path(tokens.get(at++));
      }
      return value;
    }
    if (token.equals("true") || token.equals("false")) {
      return BooleanNode.valueOf(token.equals("true"));
    }
    if (token.startsWith("'") || token.startsWith("\"")) {
      return TextNode.valueOf(token.substring(1, token.length() - 1));
    }
    if (token.matches("\\d+")) {
      return LongNode.valueOf(Long.parseLong(token));
    }
    throw new UnsupportedOperationException(token);
  }

  private boolean peek(String token) {
    return at < tokens.size() && tokens.get(at).equals(token);
  }

  private boolean accept(String token) {
    if (peek(token)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw new UnsupportedOperationException("no " + token);
    }
  }
}
