package dev.peerage.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.peerage.lint.Finding.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsFormatTest {
  private static final Findings TWO =
      Findings.of(
          List.of(
              finding("b.yaml", 3, "Service n/b"),
              finding("a.yaml", 7, "Service n/a"),
              new Finding(
                  FindingCode.NOT_YAML,
                  new Place("50%,c.yaml", 2, "", ""),
                  "not YAML: line\nbreak",
                  "mend it")),
          5,
          1,
          2);

  private static Finding finding(String file, int line, String object) {
    return new Finding(
        FindingCode.NO_POOL, new Place(file, line, object, "spec.type"), "no pool", "write one");
  }

  @Test
  void textIsAsCompilersHaveIt() {
    assertThat(FindingsFormat.TEXT.lines(TWO))
        .containsExactly(
            "50%,c.yaml:2: error: not YAML: line\nbreak [not-yaml]",
            "    to mend it: mend it",
            "a.yaml:7: warning: Service n/a, spec.type: no pool [no-pool]",
            "    to mend it: write one",
            "    the same: Service n/b b.yaml:3",
            "1 error, 2 warnings, 0 notes in 5 objects and 1 of other kinds; 2 suppressed; what may"
                + " hang on the errors is not judged");
  }

  @Test
  void githubGetsCommandsWithTheirSignsEscaped() {
    assertThat(FindingsFormat.GITHUB.lines(TWO).subList(0, 2))
        .containsExactly(
            "::error file=50%25%2Cc.yaml,line=2,title=not-yaml::not YAML: line%0Abreak"
                + " [not-yaml]%0Ato mend it: mend it",
            "::warning file=a.yaml,line=7,title=no-pool::Service n/a, spec.type: no pool"
                + " [no-pool]%0Ato mend it: write one%0Athe same: Service n/b b.yaml:3");
  }

  @Test
  void jsonHasEveryPlace() throws IOException {
    JsonNode json = new ObjectMapper().readTree(String.join("\n", FindingsFormat.JSON.lines(TWO)));

    assertThat(json.at("/errors").intValue()).isEqualTo(1);
    assertThat(json.at("/warnings").intValue()).isEqualTo(2);
    assertThat(json.at("/suppressed").intValue()).isEqualTo(2);
    JsonNode group = json.at("/findings/1");
    assertThat(group.path("code").asText()).isEqualTo("no-pool");
    assertThat(group.path("severity").asText()).isEqualTo("warning");
    assertThat(group.path("file").asText()).isEqualTo("a.yaml");
    assertThat(group.path("line").intValue()).isEqualTo(7);
    assertThat(group.path("field").asText()).isEqualTo("spec.type");
    assertThat(group.path("count").intValue()).isEqualTo(2);
    assertThat(group.at("/places/1/object").asText()).isEqualTo("Service n/b");
  }

  @Test
  void whatIsSaidOfManyObjectsIsShortInText() {
    List<Finding> many = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      many.add(finding("a.yaml", i, "Service n/s" + i));
      many.add(
          new Finding(
              FindingCode.SERVICE_FAMILY,
              new Place("a.yaml", i, "Service n/s" + i, ""),
              "address " + i,
              ""));
    }
    List<String> lines = FindingsFormat.TEXT.lines(Findings.of(many, 1000, 0, 0));

    assertThat(lines).hasSizeLessThan(30);
    assertThat(lines)
        .anyMatch(line -> line.endsWith("and 996 more"))
        .contains("and 980 more of service-family; -o json has them all");
  }
}
