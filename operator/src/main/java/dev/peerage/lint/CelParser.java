package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.peerage.lint.CelExpression.Comparison;
import dev.peerage.lint.CelExpression.Conditional;
import dev.peerage.lint.CelExpression.Has;
import dev.peerage.lint.CelExpression.Literal;
import dev.peerage.lint.CelExpression.Logic;
import dev.peerage.lint.CelExpression.Negative;
import dev.peerage.lint.CelExpression.Not;
import dev.peerage.lint.CelExpression.Relation;
import dev.peerage.lint.CelExpression.Select;
import dev.peerage.lint.CelExpression.Self;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the part of CEL's grammar that {@link CelRule} names, by recursive descent. */
final class CelParser {
  // No escapes in strings, whole numbers only.
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*([a-zA-Z_]\\w*|\\d+(?![\\w.])|'[^'\\\\\\n]*'|\"[^\"\\\\\\n]*\"|<=|>=|==|!=|&&|\\|\\||[-<>!?:().])");
  // Not CEL's reserved words, which Kubernetes' rules escape with "__" when fields are called so.
  private static final Pattern FIELD =
      Pattern.compile(
          "(?!(as|break|const|continue|else|false|for|function|if|import|in|let|loop|namespace"
              + "|null|package|return|true|var|void|while)$)(?!.*__)[a-zA-Z_]\\w*");

  private final List<String> tokens;
  private int at;

  private CelParser(List<String> tokens) {
    this.tokens = tokens;
  }

  /** The rule is beyond what is read here; the message says where. */
  static final class NotUnderstoodException extends Exception {
    private static final long serialVersionUID = 1;

    private NotUnderstoodException(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  static CelExpression parse(String rule) throws NotUnderstoodException {
    var parser = new CelParser(tokens(rule.strip()));
    CelExpression whole = parser.choice();
    if (parser.at < parser.tokens.size()) {
      throw parser.unexpected();
    }
    return whole;
  }

  private static List<String> tokens(String rule) throws NotUnderstoodException {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(rule);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    if (end != rule.length()) {
      throw new NotUnderstoodException("'" + rule.substring(end).strip() + "'");
    }
    return tokens;
  }

  private CelExpression choice() throws NotUnderstoodException {
    CelExpression condition = either();
    if (!accept("?")) {
      return condition;
    }
    CelExpression yes = either();
    expect(":");
    return new Conditional(condition, yes, choice());
  }

  private CelExpression either() throws NotUnderstoodException {
    CelExpression left = both();
    while (accept("||")) {
      left = new Logic(left, true, both());
    }
    return left;
  }

  private CelExpression both() throws NotUnderstoodException {
    CelExpression left = comparison();
    while (accept("&&")) {
      left = new Logic(left, false, comparison());
    }
    return left;
  }

  private CelExpression comparison() throws NotUnderstoodException {
    CelExpression left = unary();
    Optional<Relation> relation = relation();
    while (relation.isPresent()) {
      left = new Comparison(left, relation.get(), unary());
      relation = relation();
    }
    return left;
  }

  private Optional<Relation> relation() {
    for (Relation relation : Relation.values()) {
      if (accept(relation.sign())) {
        return Optional.of(relation);
      }
    }
    return Optional.empty();
  }

  private CelExpression unary() throws NotUnderstoodException {
    if (accept("!")) {
      return new Not(peek("!") ? unary() : member());
    }
    if (accept("-")) {
      return new Negative(peek("-") ? unary() : member());
    }
    return member();
  }

  private CelExpression member() throws NotUnderstoodException {
    CelExpression value = primary();
    while (peek(".")) {
      switch (value) {
        case Self _, Select _ -> at++;
        default -> throw unexpected();
      }
      value = new Select(value, field());
    }
    return value;
  }

  private String field() throws NotUnderstoodException {
    String name = next();
    if (!FIELD.matcher(name).matches()) {
      at--;
      throw unexpected();
    }
    return name;
  }

  private CelExpression primary() throws NotUnderstoodException {
    if (accept("(")) {
      CelExpression value = choice();
      expect(")");
      return value;
    }
    if (accept("has")) {
      expect("(");
      CelExpression field = member();
      expect(")");
      if (field instanceof Select select) {
        return new Has(select);
      }
      throw new NotUnderstoodException("has() of what is no field");
    }
    if (accept("self")) {
      return new Self();
    }
    return new Literal(literal());
  }

  private JsonNode literal() throws NotUnderstoodException {
    String token = next();
    if (token.equals("true") || token.equals("false")) {
      return BooleanNode.valueOf(token.equals("true"));
    }
    if (token.equals("null")) {
      return NullNode.getInstance();
    }
    if (token.startsWith("'") || token.startsWith("\"")) {
      return TextNode.valueOf(token.substring(1, token.length() - 1));
    }
    try {
      return LongNode.valueOf(Long.parseLong(token));
    } catch (NumberFormatException _) {
      at--;
      throw unexpected();
    }
  }

  private String next() throws NotUnderstoodException {
    if (at == tokens.size()) {
      throw unexpected();
    }
    return tokens.get(at++);
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

  private void expect(String token) throws NotUnderstoodException {
    if (!accept(token)) {
      throw unexpected();
    }
  }

  private NotUnderstoodException unexpected() {
    return new NotUnderstoodException(
        at < tokens.size()
            ? "'" + tokens.get(at) + "' after '" + String.join(" ", tokens.subList(0, at)) + "'"
            : "its end after '" + String.join(" ", tokens) + "'");
  }
}
