package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.peerage.lint.ChartRules.Rule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our part of CEL against a whole implementation of it. */
class CelRuleTest {
  private static final CelOptions OPTIONS =
      CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("self", SimpleType.DYN)
          .build();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<Rule> rules() throws IOException {
    return ChartRules.all().stream();
  }

  private static CelRule understood(String text) {
    return switch (CelRule.read(text)) {
      case CelRule.Reading.Understood(CelRule rule) -> rule;
      case CelRule.Reading.NotUnderstood(String why) -> fail(text + ": not understood: " + why);
    };
  }

  /** What the other implementation says; a rule that fails is not kept. */
  private static boolean holds(CelRuntime.Program program, JsonNode self) {
    Object value = JSON.convertValue(self, Object.class);
    try {
      return Boolean.TRUE.equals(program.eval(Map.of("self", widened(value))));
    } catch (CelEvaluationException _) {
      return false;
    }
  }

  // CEL's whole numbers have 64 bits.
  private static Object widened(Object value) {
    return switch (value) {
      case null -> NullValue.NULL_VALUE;
      case Integer number -> number.longValue();
      case List<?> list -> list.stream().map(CelRuleTest::widened).toList();
      case Map<?, ?> map -> {
        Map<String, Object> widened = new LinkedHashMap<>();
        map.forEach((key, item) -> widened.put((String) key, widened(item)));
        yield widened;
      }
      default -> value;
    };
  }

  private static CelRuntime.Program program(String rule) throws Exception {
    return RUNTIME.createProgram(COMPILER.compile(rule).getAst());
  }

  @Test
  void theChartHasRules() throws IOException {
    assertThat(ChartRules.all()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void saysOfTheChartsRulesWhatCelSays(Rule rule) throws Exception {
    CelRule ours = understood(rule.text());
    CelRuntime.Program theirs = program(rule.text());
    Random random = new Random(1);
    int kept = 0;
    for (int i = 0; i < 2_000; i++) {
      JsonNode self = i % 3 == 0 ? anything(random, 3) : value(random, rule.schema(), i % 3 == 1);
      boolean expected = holds(theirs, self);
      assertThat(ours.holds(self)).as("%s of %s", rule, self).isEqualTo(expected);
      kept += expected ? 1 : 0;
    }
    assertThat(kept).as("both answers were asked for").isBetween(20, 1_980);
  }

  /** A value as the schema wants it, or with some of it missing, null or of another kind. */
  private static JsonNode value(Random random, JSONSchemaProps schema, boolean valid) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (!valid && random.nextInt(12) == 0) {
      return anything(random, 1);
    }
    if (!schema.getEnum().isEmpty()) {
      return schema.getEnum().get(random.nextInt(schema.getEnum().size()));
    }
    return switch (String.valueOf(schema.getType())) {
      case "object" -> {
        ObjectNode object = json.objectNode();
        if (schema.getProperties() != null) {
          schema
              .getProperties()
              .forEach((name, property) -> {
                boolean required = schema.getRequired().contains(name);
                if (required && valid || random.nextBoolean()) {
                  object.set(name, value(random, property, valid));
                }
              });
        }
        yield object;
      }
      case "array" -> {
        ArrayNode array = json.arrayNode();
        for (int i = random.nextInt(3); i > 0 && schema.getItems() != null; i--) {
          array.add(value(random, schema.getItems().getSchema(), valid));
        }
        yield array;
      }
      case "integer" -> json.numberNode(random.nextInt(10));
      case "boolean" -> json.booleanNode(random.nextBoolean());
      default -> json.textNode(List.of("", "a", "b", "Service").get(random.nextInt(4)));
    };
  }

  private static JsonNode anything(Random random, int depth) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> json.nullNode();
      case 1 -> json.booleanNode(random.nextBoolean());
      case 2 -> json.numberNode(random.nextInt(4) - 1);
      case 3 -> json.numberNode(random.nextInt(4) / 2.0);
      case 4, 5 -> json.textNode(List.of("", "a", "b", "Service").get(random.nextInt(4)));
      case 6 -> json.arrayNode().add(anything(random, depth - 1)).add(anything(random, depth - 1));
      default -> {
        ObjectNode object = json.objectNode();
        for (String name : List.of("a", "b", "c", "advertisementType", "service")) {
          if (random.nextInt(3) > 0) {
            object.set(name, anything(random, depth - 1));
          }
        }
        yield object;
      }
    };
  }

  @Test
  void saysOfRandomRulesWhatCelSays() throws Exception {
    Random random = new Random(2);
    int compared = 0;
    int kept = 0;
    for (int i = 0; i < 1_000; i++) {
      String text = expression(random, 3);
      CelRuntime.Program theirs;
      try {
        theirs = program(text);
      } catch (CelValidationException _) {
        continue; // Of literals CEL sees beforehand that it cannot compare them.
      }
      CelRule ours = understood(text);
      for (int j = 0; j < 20; j++) {
        JsonNode self = anything(random, 3);
        boolean expected = holds(theirs, self);
        assertThat(ours.holds(self)).as("%s of %s", text, self).isEqualTo(expected);
        compared++;
        kept += expected ? 1 : 0;
      }
    }
    assertThat(compared).isGreaterThan(10_000);
    assertThat(kept).isGreaterThan(1_000);
  }

  // What && and || join is a condition: Kubernetes holds rules against the types of the schema, so
  // that nothing else can stand there, and implementations differ in what they make of it.
  private static String expression(Random random, int depth) {
    if (depth == 0) {
      return random.nextInt(4) == 0
          ? "!" + path(random)
          : path(random) + (random.nextBoolean() ? " == " : " < ") + operand(random);
    }
    String one = expression(random, depth - 1);
    String other = expression(random, depth - 1);
    return switch (random.nextInt(10)) {
      case 0 -> "(" + one + ") && (" + other + ")";
      case 1 -> "(" + one + ") || (" + other + ")";
      case 2 -> path(random) + " == " + operand(random) + " && has(" + field(random) + ")";
      case 3 -> "!(" + one + ")";
      case 4 -> "(" + one + ") ? (" + other + ") : " + expression(random, depth - 1);
      case 5 -> "has(" + field(random) + ") || " + operand(random) + " < " + path(random);
      case 6 -> "(" + one + ") != (" + other + ")";
      case 7 -> "has(" + field(random) + ")";
      default ->
          path(random)
              + List.of(" == ", " != ", " < ", " <= ", " > ", " >= ").get(random.nextInt(6))
              + operand(random);
    };
  }

  private static String operand(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> List.of("'a'", "\"b\"", "''").get(random.nextInt(3));
      case 1 -> List.of("0", "1", "-1", "true", "false", "null").get(random.nextInt(6));
      default -> path(random);
    };
  }

  private static String path(Random random) {
    return random.nextInt(4) == 0 ? "self" : field(random);
  }

  private static String field(Random random) {
    String field = List.of("self.a", "self.b", "self.c").get(random.nextInt(3));
    return random.nextInt(3) == 0 ? field + "." + List.of("a", "b").get(random.nextInt(2)) : field;
  }

  /** CEL that Kubernetes knows and we do not read, and what is no CEL at all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "self.a.size() > 0",
        "size(self.a) > 0",
        "self.a in ['b']",
        "self['a'] == 1",
        "self.a + 1 > 2",
        "self.a == 1.5",
        "self.a == 1u",
        "self.a == 0x10",
        "self.a == 'it\\'s'",
        "self.a == r'x'",
        "self.a == 99999999999999999999",
        "oldSelf.a == self.a",
        "self.items.all(i, i > 0)",
        "self.__namespace__ == 'a'",
        "self.namespace == 'a'",
        "self.?a.orValue(1) == 1",
        "has(self)",
        "has(self.a",
        "'a'.b == 1",
        "self.a ==",
        "self.a ? 1",
        "self.a = 1",
        "self.a 1"
      })
  void saysThatItDoesNotUnderstandTheRest(String text) {
    assertThat(CelRule.read(text)).isInstanceOf(CelRule.Reading.NotUnderstood.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "self.a.size() > 0| '(' after 'self . a . size'",
        "self.a == 1.5| '1.5'",
        "self.a ==| its end after 'self . a =='"
      })
  void saysWhatItDoesNotUnderstand(String text, String why) {
    assertThat(CelRule.read(text)).isEqualTo(new CelRule.Reading.NotUnderstood(why));
  }
}
