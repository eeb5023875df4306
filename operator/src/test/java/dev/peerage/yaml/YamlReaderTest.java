package dev.peerage.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.yaml.YamlValue.Mapping;
import dev.peerage.yaml.YamlValue.Scalar;
import dev.peerage.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
  private final List<String> problems = new ArrayList<>();

  private List<YamlValue> read(String text) {
    return YamlReader.read(
        "a.yaml", text, (line, path, what, _) -> problems.add(line + " " + path + ": " + what));
  }

  private YamlValue one(String text) {
    assertThat(read(text)).hasSize(1);
    return read(text).getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "'~', NULL, '~', true",
    "'true', BOOLEAN, 'true', true",
    "0x10, INTEGER, 0x10, true",
    "1.10, FLOAT, 1.10, true",
    "no, TEXT, no, true",
    "'\"5\"', TEXT, 5, false",
    "192.0.2.1, TEXT, 192.0.2.1, true"
  })
  void keepsTheTextOfAScalarBesideItsType(
      String text, YamlValue.Type type, String kept, boolean plain) {
    assertThat(one(text)).isEqualTo(new Scalar(1, kept, type, plain));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1",
    "metadata, 1",
    "metadata.labels.app.kubernetes.io/name, 4",
    "metadata.labels.app, 3",
    "metadata.annotations.x, 1",
    "spec.peers, 5",
    "spec.peers[0], 6",
    "spec.peers[1].name, 8",
    "spec.peers[1].timers.hold, 7",
    "spec.peers[2].name, 5",
    "status, 1"
  })
  void knowsTheLineOfAFieldOrOfTheNearestAroundIt(String path, int line) {
    assertThat(
            one("""
            metadata:
              name: a
              labels:
                app.kubernetes.io/name: b
            spec: {peers: [
              {name: r1},
              {address: x,
               name: r2}]}
            """)
                .lineOf(path))
        .isEqualTo(line);
  }

  @Test
  void anAliasIsTheSameValue() {
    Sequence list = (Sequence) one("- &a {name: x}\n- *a\n");

    assertThat(list.items().getLast()).isSameAs(list.items().getFirst());
    assertThat(problems).isEmpty();
  }

  @Test
  void anAliasThatContainsItselfIsAProblemAndNoValue() {
    Mapping mapping = (Mapping) one("a: &a\n  b: *a\n");

    assertThat(problems).contains("1 a.b: an alias that contains itself");
    assertThat(mapping.fields()).containsKey("a");
  }

  @Test
  void aKeyThatIsThereTwiceOrIsNoTextIsAProblem() {
    assertThat(read("a: {b: 1}\n? [x]\n: 1\na: 2\n")).as(problems.toString()).hasSize(1);

    assertThat(problems)
        .containsExactly("2 : a key that is not plain text", "4 a: the key is there twice");
  }

  @Test
  void whatStandsBeforeAFaultIsRead() {
    assertThat(read("a: 1\n---\nb: [\n")).hasSize(1);
    assertThat(problems).singleElement().asString().startsWith("4 : not YAML: ");
  }
}
