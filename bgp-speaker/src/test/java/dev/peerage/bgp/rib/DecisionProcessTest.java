package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 4271 section 9.1.2.2, step by step: each step decides only where the ones before do not. */
class DecisionProcessTest {
  private static Path path(long asn, String id, AsPath asPath, PathAttribute... more) {
    return path(asn, id, id, asPath, more);
  }

  private static Path path(
      long asn, String address, String id, AsPath asPath, PathAttribute... more) {
    return Path.received(
        Ribs.peer("peer-" + address, asn, address, id, new ExportPolicy.All(), true),
        Ribs.attributes(asPath, more),
        Ribs.SETTINGS);
  }

  static Stream<Arguments> better() {
    AsPath one = AsPath.of(65001);
    return Stream.of(
        Arguments.of(
            "local before LOCAL_PREF",
            Path.LOCAL,
            path(65001, "10.0.0.1", AsPath.EMPTY, new PathAttribute.LocalPref(4294967295L))),
        Arguments.of(
            "higher LOCAL_PREF before shorter AS_PATH",
            path(65000, "10.0.0.2", AsPath.of(1, 2, 3), new PathAttribute.LocalPref(101)),
            path(65000, "10.0.0.1", AsPath.of(1), new PathAttribute.LocalPref(100))),
        Arguments.of(
            "no LOCAL_PREF counts as 100",
            path(65001, "10.0.0.2", AsPath.of(65001, 2)),
            path(65000, "10.0.0.1", AsPath.of(1), new PathAttribute.LocalPref(99))),
        Arguments.of(
            "shorter AS_PATH before ORIGIN",
            path(65001, "10.0.0.2", one, Origin.INCOMPLETE),
            path(65002, "10.0.0.1", AsPath.of(65002, 1), Origin.IGP)),
        Arguments.of(
            "a set counts as one",
            path(
                65001,
                "10.0.0.2",
                new AsPath(
                    List.of(
                        new AsPath.Segment(AsPath.Kind.SEQUENCE, List.of(65001L)),
                        new AsPath.Segment(AsPath.Kind.SET, List.of(1L, 2L, 3L))))),
            path(65002, "10.0.0.1", AsPath.of(65002, 1, 2))),
        Arguments.of(
            "lower ORIGIN before MED",
            path(65001, "10.0.0.2", one, Origin.EGP, new PathAttribute.Med(9)),
            path(65001, "10.0.0.1", one, Origin.INCOMPLETE, new PathAttribute.Med(1))),
        Arguments.of(
            "lower MED of the same neighbor AS",
            path(65001, "10.0.0.2", one, new PathAttribute.Med(1)),
            path(65001, "10.0.0.1", one, new PathAttribute.Med(2))),
        Arguments.of(
            "no MED is the lowest",
            path(65001, "10.0.0.2", one),
            path(65001, "10.0.0.1", one, new PathAttribute.Med(1))),
        Arguments.of(
            "MED of different neighbors does not count",
            path(65001, "10.0.0.1", one, new PathAttribute.Med(9)),
            path(65002, "10.0.0.2", AsPath.of(65002), new PathAttribute.Med(1))),
        Arguments.of(
            "external before internal",
            path(65001, "10.0.0.2", one),
            path(65000, "10.0.0.1", AsPath.of(65002))),
        Arguments.of(
            "lowest identifier, unsigned",
            path(65001, "10.0.0.2", "127.255.255.255", one),
            path(65001, "10.0.0.1", "128.0.0.0", one)),
        Arguments.of(
            "ORIGINATOR_ID stands for the identifier",
            path(65000, "10.0.0.2", one, new PathAttribute.OriginatorId(id("1.0.0.1"))),
            path(65000, "10.0.0.1", one)),
        Arguments.of(
            "lowest peer address, unsigned",
            path(65001, "9.0.0.1", "1.1.1.1", one),
            path(65001, "200.0.0.1", "1.1.1.1", one)));
  }

  private static Inet4Address id(String text) {
    return Inet4Address.ofLiteral(text);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("better")
  void prefers(String what, Path better, Path worse) {
    assertThat(DecisionProcess.best(List.of(better, worse))).as(what).isSameAs(better);
    assertThat(DecisionProcess.best(List.of(worse, better))).as(what).isSameAs(better);
  }

  @Test
  void doesNotDependOnTheOrderAlthoughMedIsNotTransitive() {
    // By pairs: a beats b (identifier), b beats c (identifier), c beats a (MED).
    Path a = path(65001, "10.0.0.1", AsPath.of(65001), new PathAttribute.Med(2));
    Path b = path(65002, "10.0.0.2", AsPath.of(65002));
    Path c = path(65001, "10.0.0.3", AsPath.of(65001), new PathAttribute.Med(1));
    List<Path> paths = new ArrayList<>(Arrays.asList(a, b, c));
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(paths, random);
      assertThat(DecisionProcess.best(paths)).isSameAs(b);
    }
  }

  @Test
  void usesEqualPathsTogether() {
    Path one = path(65001, "10.0.0.1", AsPath.of(65001));
    Path twin = path(65001, "10.0.0.2", AsPath.of(65001));
    Path other = path(65002, "10.0.0.3", AsPath.of(65002));
    Path longer = path(65003, "10.0.0.4", AsPath.of(65003, 1));
    Path internal = path(65000, "10.0.0.5", AsPath.of(65001));
    List<Path> all = List.of(internal, longer, other, twin, one);
    assertThat(DecisionProcess.used(all, true)).containsExactly(one, twin, other);
    assertThat(DecisionProcess.used(all, false)).containsExactly(one, twin);
  }

  @Test
  void aLocalRouteIsUsedAlone() {
    Path received = path(65001, "10.0.0.1", AsPath.of(65001));
    assertThat(DecisionProcess.used(List.of(received, Path.LOCAL), true))
        .containsExactly(Path.LOCAL);
  }
}
