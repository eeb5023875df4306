package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the chart's definitions do not show; {@link ManifestFolderTest} has the rest. */
class SchemaCheckTest {
  private final List<String> faults = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private ObjectNode check(String schema, String object) throws Exception {
    ObjectNode content = (ObjectNode) new ObjectMapper().readTree(object);
    new SchemaCheck(
            (_, path, what, _) -> faults.add(path + ": " + what),
            (path, why) -> notes.add(path + ": " + why))
        .object(content, new KubernetesSerialization().unmarshal(schema, JSONSchemaProps.class));
    return content;
  }

  @Test
  void aRuleThatIsNotUnderstoodIsANoteAndTheOthersAreAsked() throws Exception {
    ObjectNode _ =
        check(
            """
            properties:
              spec:
                type: object
                properties: {a: {type: integer}}
                x-kubernetes-validations:
                - {rule: "self.a in [1, 2]"}
                - {rule: "self.a < 3", message: "a is too large", fieldPath: .a}
            """,
            "{\"spec\": {\"a\": 3}}");

    assertThat(notes)
        .containsExactly(
            "spec: the rule self.a in [1, 2] is left to the API server, because this program does"
                + " not understand '[1, 2]'");
    assertThat(faults).containsExactly("spec.a: a is too large");
  }

  @Test
  void aRuleIsNotAskedAboutAValueThatIsWrongAnyway() throws Exception {
    ObjectNode _ =
        check(
            """
            properties:
              spec:
                type: object
                properties: {a: {type: integer}}
                x-kubernetes-validations: [{rule: "self.a < 3", message: "a is too large"}]
            """,
            "{\"spec\": {\"a\": \"3\"}}");

    assertThat(faults).containsExactly("spec.a: is text: '3'");
  }

  @Test
  void fillsInDefaultsBeforeTheRulesAreAsked() throws Exception {
    ObjectNode content =
        check(
            """
            properties:
              spec:
                type: object
                properties: {a: {type: integer, default: 1}, b: {type: integer, default: 2}}
                x-kubernetes-validations: [{rule: "self.a < self.b"}]
            """,
            "{\"spec\": {\"b\": null}}");

    assertThat(faults).isEmpty();
    assertThat(content.toString()).isEqualTo("{\"spec\":{\"a\":1,\"b\":2}}");
  }

  @Test
  void addressRangesAndAddressesAreLookedAt() throws Exception {
    String schema =
        "properties: {a: {type: string, format: ipv4}, b: {type: string, format: cidr},"
            + " c: {type: string, format: date}}";
    ObjectNode _ = check(schema, "{\"a\": \"192.0.2.1\", \"b\": \"2001:db8::/32\", \"c\": \"?\"}");
    assertThat(faults).isEmpty();

    ObjectNode _ = check(schema, "{\"a\": \"::1\", \"b\": \"192.0.2.0/33\"}");
    assertThat(faults)
        .containsExactly(
            "a: '::1' is not an IPv4 address",
            "b: '192.0.2.0/33' is not an address range in CIDR notation");
  }
}
