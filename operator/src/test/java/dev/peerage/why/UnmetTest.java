package dev.peerage.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.crd.v2.LabelSelector.Operator;
import dev.peerage.crd.v2.LabelSelector.Requirement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnmetTest {
  private static LabelSelector requires(String key, Operator operator, String... values) {
    return new LabelSelector(Map.of(), List.of(new Requirement(key, operator, List.of(values))));
  }

  private static String words(LabelSelector selector, Map<String, String> labels) {
    return Unmet.words(Unmet.of(selector, labels), "the Service");
  }

  private static LabelSelector labels(String key, String value) {
    return new LabelSelector(Map.of(key, value), List.of());
  }

  @Test
  void eachRequirementThatFailsIsNamedWithWhatIsThere() {
    assertThat(words(labels("app", "web"), Map.of("app", "shop")))
        .isEqualTo("wants app=web, the Service has app=shop");
    assertThat(words(labels("app", "web"), Map.of()))
        .isEqualTo("wants app=web, the Service has no label app");
    assertThat(words(requires("app", Operator.IN, "a", "b"), Map.of("app", "c")))
        .isEqualTo("wants app in (a, b), the Service has app=c");
    assertThat(words(requires("app", Operator.NOT_IN, "c"), Map.of("app", "c")))
        .isEqualTo("wants app notin (c), the Service has app=c");
    assertThat(words(requires("app", Operator.EXISTS), Map.of()))
        .isEqualTo("wants app, the Service has no label app");
    assertThat(words(requires("app", Operator.DOES_NOT_EXIST), Map.of("app", "c")))
        .isEqualTo("wants !app, the Service has app=c");
    assertThat(
            words(
                new LabelSelector(
                    Map.of("a", "1", "b", "2"),
                    List.of(new Requirement("c", Operator.EXISTS, List.of()))),
                Map.of("b", "2")))
        .isEqualTo("wants a=1, the Service has no label a; wants c, the Service has no label c");
  }

  @Test
  void whatMatchesHasNothingUnmet() {
    assertThat(Unmet.of(new LabelSelector(Map.of(), List.of()), Map.of())).isEmpty();
    assertThat(Unmet.of(requires("app", Operator.NOT_IN, "c"), Map.of())).isEmpty();
  }

  @Test
  void theLabelToSetIsSaidOnlyWhereItIsSure() {
    assertThat(Unmet.labels(Unmet.of(labels("app", "web"), Map.of()))).hasValue("app=web");
    assertThat(Unmet.labels(Unmet.of(requires("app", Operator.IN, "a"), Map.of())))
        .hasValue("app=a");
    assertThat(Unmet.labels(Unmet.of(requires("app", Operator.IN, "a", "b"), Map.of()))).isEmpty();
    assertThat(Unmet.labels(Unmet.of(requires("app", Operator.DOES_NOT_EXIST), Map.of("app", "c"))))
        .hasValue("app-");
    assertThat(Unmet.labels(Unmet.of(requires("app", Operator.EXISTS), Map.of()))).isEmpty();
  }

  @Test
  void aSelectorIsWrittenAsKubectlDoes() {
    assertThat(Unmet.words(new LabelSelector(Map.of(), List.of()))).isEqualTo("anything");
    assertThat(
            Unmet.words(
                new LabelSelector(
                    Map.of("a", "1"), List.of(new Requirement("b", Operator.EXISTS, List.of())))))
        .isEqualTo("a=1, b");
  }
}
