package dev.peerage.standalone;

import static dev.peerage.standalone.SpeakerTexts.FULL;
import static dev.peerage.standalone.SpeakerTexts.bad;
import static dev.peerage.standalone.SpeakerTexts.fault;
import static dev.peerage.standalone.SpeakerTexts.good;
import static dev.peerage.standalone.SpeakerTexts.instance;
import static dev.peerage.standalone.SpeakerTexts.withRoute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.yaml.FileProblem;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a file, its instances and routes. */
class SpeakerFileProblemsTest {
  private static final String ROUTE = "instances[0].routes[0].";

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("", 0, "", "the file is empty", "instances"),
        fault("instances: [\n", 2, "", "not YAML", "indentation"),
        fault("- a\n", 1, "", "found a list", "instances"),
        fault("instances: {}\n", 1, "instances", "expected a list", "'- "),
        fault("{}\n", 1, "instances", "is missing", "instances: []"),
        fault("instances: []\n---\ninstances: []\n", 3, "", "second document", "one document"),
        fault("instances: []\ninstances: []\n", 2, "instances", "twice", "remove"),
        fault("instance: []\n", 1, "instance", "no such key", "did you mean instances?"),
        fault(
            "instances:\n- {name: a, routerID: 1.1.1.1}\n",
            2,
            "instances[0].localASN",
            "missing",
            "65001"),
        fault(
            "instances:\n- {name: a, localASN: 0, routerID: 1.1.1.1}\n",
            2,
            "instances[0].localASN",
            "'0'",
            "range"),
        fault(
            "instances:\n- {name: a, localASN: 1, routerID: 0.0.0.0}\n",
            2,
            "instances[0].routerID",
            "'0.0.0.0'",
            "10.0.0.1"),
        fault(
            "instances:\n- {name: a, localASN: 1, routerID: \"::1\"}\n",
            2,
            "instances[0].routerID",
            "'::1'",
            "10.0.0.1"),
        fault(
            "instances:\n- &a {name: a, localASN: 1, routerID: 1.1.1.1}\n- *a\n",
            2,
            "instances[1].name",
            "'a' too",
            "of its own"),
        fault(instance(", listenPort: 0"), 2, "instances[0].listenPort", "'0'", "range"),
        fault(
            instance(", listenAddress: eth0"),
            2,
            "instances[0].listenAddress",
            "no IP address",
            "leave it out"),
        fault(withRoute(""), 2, ROUTE + "prefix", "is missing", "10.1.0.0/24"),
        fault(withRoute("prefix: 10.0.0.0"), 2, ROUTE + "prefix", "has no length", "10.1.0.0/24"),
        fault(withRoute("prefix: 10.0.0.0/33"), 2, ROUTE + "prefix", "33", "10.1.0.0/24"),
        fault(
            withRoute("prefix: 10.0.0.1/24"),
            2,
            ROUTE + "prefix",
            "the prefix is 10.0.0.0/24",
            "10.1"),
        fault(
            withRoute("prefix: 10.0.0.0/24, prefixes: {base: 10.0.0.0/8, count: 1}"),
            2,
            ROUTE + "prefix",
            "there too",
            "either"),
        fault(
            withRoute("prefix: 10.0.0.0/24}, {prefix: 10.0.0.0/24"),
            2,
            "instances[0].routes[1].prefix",
            "there twice",
            "remove"),
        fault(
            withRoute(
                "prefixes: {base: 10.0.0.0/32, count: 9}}, {prefixes: {base: 10.0.0.8/32, count:"
                    + " 1}"),
            2,
            "instances[0].routes[1].prefixes",
            "overlaps",
            "one"),
        fault(
            withRoute("prefixes: {base: 10.0.0.0/32, count: 0}"),
            2,
            ROUTE + "prefixes.count",
            "'0'",
            "range"),
        fault(
            withRoute("prefixes: {base: 255.255.255.0/24, count: 2}"),
            2,
            ROUTE + "prefixes.count",
            "last address",
            "lower"),
        fault(
            withRoute("prefix: 10.0.0.0/24, communities: [\"65536:1\"]"),
            2,
            ROUTE + "communities[0]",
            "65535",
            "65000:1"),
        fault(
            withRoute("prefix: 10.0.0.0/24, communities: 65000:1"),
            2,
            ROUTE + "communities",
            "expected a list",
            "'- "),
        fault(
            withRoute("prefix: 10.0.0.0/24, largeCommunities: [\"1:2\"]"),
            2,
            ROUTE + "largeCommunities[0]",
            "no large community",
            "three"),
        fault(
            withRoute("prefix: 10.0.0.0/24, localPreference: -1"),
            2,
            ROUTE + "localPreference",
            "'-1'",
            "default is 100"),
        fault(
            withRoute("prefix: 10.0.0.0/24, comunities: []"),
            2,
            ROUTE + "comunities",
            "no such key",
            "did you mean communities?"));
  }

  @ParameterizedTest(name = "{2} {3}: {0}")
  @MethodSource("faults")
  void saysWhereWhatAndHowToMendIt(
      String text, int line, String field, String what, String remedy) {
    SpeakerTexts.assertFault(text, line, field, what, remedy);
  }

  @Test
  void listsAllProblemsInTheOrderOfTheLines() {
    assertThat(
            bad(
                """
                instances:
                - name: main
                  localASN: many
                  listenPort: -1
                  peers:
                  - {name: r1, peerAddress: 192.0.2.1, peerAsn: 65000}
                  routerID: none
                """))
        .extracting(FileProblem::line)
        .containsExactly(3, 4, 6, 7);
  }

  @Test
  void listsAHundredProblemsAndCountsTheRest() {
    String routes = "  - {prefix: 10.0.0.1/8}\n".repeat(150);

    assertThat(bad(FULL + routes))
        .hasSize(101)
        .last()
        .extracting(FileProblem::what)
        .isEqualTo("there are 50 more problems");
  }

  @Test
  void neverShowsAPassword() {
    DesiredSpeaker desired = good(FULL);

    assertThat(desired.toString()).doesNotContain("secret");
    assertThat(bad(FULL.replace("secret ", "[secret]")).toString()).doesNotContain("secret");
  }
}
