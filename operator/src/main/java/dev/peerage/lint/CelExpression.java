package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Iterator;
import java.util.Map;
import java.util.function.IntPredicate;

/** An expression in CEL. An error, which CEL treats as a value too, is a {@link MissingNode}. */
sealed interface CelExpression {
  /** The value for this {@code self}. */
  JsonNode value(JsonNode self);

  /** {@code self}. */
  record Self() implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      return self;
    }
  }

  /** {@code 'a'}, {@code 1}, {@code true}, {@code null}. */
  record Literal(JsonNode value) implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      return value;
    }
  }

  /** {@code self.field}; an error where it is not there. */
  record Select(CelExpression of, String field) implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      return of.value(self).path(field);
    }
  }

  /** {@code has(self.field)}; an error where it cannot be there. */
  record Has(Select field) implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      JsonNode of = field.of().value(self);
      return of.isObject() ? BooleanNode.valueOf(of.has(field.field())) : error();
    }
  }

  /** {@code !a}. */
  record Not(CelExpression of) implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      JsonNode value = of.value(self);
      return value.isBoolean() ? BooleanNode.valueOf(!value.booleanValue()) : error();
    }
  }

  /** {@code -a}, of whole numbers. */
  record Negative(CelExpression of) implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      JsonNode value = of.value(self);
      return value.canConvertToLong()
              && value.isIntegralNumber()
              && value.longValue() != Long.MIN_VALUE
          ? LongNode.valueOf(-value.longValue())
          : error();
    }
  }

  /**
   * {@code a && b} and {@code a || b}: the side that decides does so whichever it is, also when the
   * other is an error.
   *
   * @param decides what decides: true for "or", false for "and"
   */
  record Logic(CelExpression left, boolean decides, CelExpression right) implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      JsonNode one = left.value(self);
      JsonNode other = right.value(self);
      BooleanNode decision = BooleanNode.valueOf(decides);
      if (one.equals(decision) || other.equals(decision)) {
        return decision;
      }
      return one.isBoolean() && other.isBoolean() ? BooleanNode.valueOf(!decides) : error();
    }
  }

  /** {@code a ? b : c}; only the branch that is chosen counts. */
  record Conditional(CelExpression condition, CelExpression yes, CelExpression no)
      implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      JsonNode value = condition.value(self);
      if (!value.isBoolean()) {
        return error();
      }
      return (value.booleanValue() ? yes : no).value(self);
    }
  }

  /** How a {@link Comparison} compares. */
  enum Relation {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  /** {@code a == b}, {@code a < b} and so on. */
  record Comparison(CelExpression left, Relation relation, CelExpression right)
      implements CelExpression {
    @Override
    public JsonNode value(JsonNode self) {
      JsonNode one = left.value(self);
      JsonNode other = right.value(self);
      if (one.isMissingNode() || other.isMissingNode()) {
        return error();
      }
      return switch (relation) {
        case EQUAL -> BooleanNode.valueOf(equal(one, other));
        case NOT_EQUAL -> BooleanNode.valueOf(!equal(one, other));
        case LESS -> ordered(one, other, order -> order < 0);
        case LESS_OR_EQUAL -> ordered(one, other, order -> order <= 0);
        case GREATER -> ordered(one, other, order -> order > 0);
        case GREATER_OR_EQUAL -> ordered(one, other, order -> order >= 0);
      };
    }

    private static JsonNode ordered(JsonNode one, JsonNode other, IntPredicate holds) {
      return one.getNodeType() == other.getNodeType()
              && (one.isNumber() || one.isTextual() || one.isBoolean())
          ? BooleanNode.valueOf(holds.test(order(one, other)))
          : error();
    }

    private static int order(JsonNode one, JsonNode other) {
      if (one.isNumber()) {
        return one.decimalValue().compareTo(other.decimalValue());
      }
      return one.isTextual()
          ? one.textValue().compareTo(other.textValue())
          : Boolean.compare(one.booleanValue(), other.booleanValue());
    }

    // Values of different types are not equal, but 1 and 1.0 are, also inside lists and mappings.
    private static boolean equal(JsonNode one, JsonNode other) {
      if (one.isNumber() && other.isNumber()) {
        return order(one, other) == 0;
      }
      if (one.isArray() && other.isArray() && one.size() == other.size()) {
        Iterator<JsonNode> others = other.iterator();
        for (JsonNode item : one) {
          if (!equal(item, others.next())) {
            return false;
          }
        }
        return true;
      }
      if (one.isObject() && other.isObject() && one.size() == other.size()) {
        for (Map.Entry<String, JsonNode> field : one.properties()) {
          if (!equal(field.getValue(), other.path(field.getKey()))) {
            return false;
          }
        }
        return true;
      }
      return one.equals(other);
    }
  }

  private static JsonNode error() {
    return MissingNode.getInstance();
  }
}
