package dev.peerage.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
        Ribs.SETTINGS,
        new PathSet(new PathSet.Bytes()));
  }

  static Stream<Arguments> better() {
    AsPath one = AsPath.of(65001);
    AsPath.Segment first = new AsPath.Segment(AsPath.Kind.SEQUENCE, List.of(65001L));
    return Stream.of(
        Arguments.of(
            "RFC 9494 4.3: a local path before one that is stale for long",
            Path.LOCAL,
            path(65000, "10.0.0.1", one, new PathAttribute.LocalPref(200), stale())),
        Arguments.of(
            "RFC 9494 4.3: anything before what is stale for long",
            path(65000, "10.0.0.2", AsPath.of(1, 2, 3), new PathAttribute.LocalPref(1)),
            path(65000, "10.0.0.1", one, new PathAttribute.LocalPref(200), stale())),
        Arguments.of(
            "9.1.2: local before any LOCAL_PREF",
            Path.LOCAL,
            path(65000, "10.0.0.1", AsPath.EMPTY, new PathAttribute.LocalPref(4294967295L))),
        Arguments.of(
            "9.1.1: higher LOCAL_PREF before shorter AS_PATH",
            path(65000, "10.0.0.2", AsPath.of(1, 2, 3), new PathAttribute.LocalPref(101)),
            path(65000, "10.0.0.1", AsPath.of(1), new PathAttribute.LocalPref(100))),
        Arguments.of(
            "9.1.1: the highest LOCAL_PREF is not negative",
            path(65000, "10.0.0.2", one, new PathAttribute.LocalPref(4294967295L)),
            path(65000, "10.0.0.1", one, new PathAttribute.LocalPref(2147483647L))),
        Arguments.of(
            "9.1.1: no LOCAL_PREF counts as 100",
            path(65001, "10.0.0.2", AsPath.of(65001, 2)),
            path(65000, "10.0.0.1", AsPath.of(1), new PathAttribute.LocalPref(99))),
        Arguments.of(
            "5.1.5: LOCAL_PREF of an external peer is ignored",
            path(65001, "10.0.0.1", one),
            path(65002, "10.0.0.2", AsPath.of(65002), new PathAttribute.LocalPref(200))),
        Arguments.of(
            "9.1.2.2 a: shorter AS_PATH before ORIGIN",
            path(65001, "10.0.0.2", one, Origin.INCOMPLETE),
            path(65002, "10.0.0.1", AsPath.of(65002, 1), Origin.IGP)),
        Arguments.of(
            "9.1.2.2 a: an AS_SET counts as one",
            path(
                65001,
                "10.0.0.2",
                new AsPath(
                    List.of(first, new AsPath.Segment(AsPath.Kind.SET, List.of(1L, 2L, 3L))))),
            path(65002, "10.0.0.1", AsPath.of(65002, 1, 2))),
        Arguments.of(
            "RFC 5065 5.3: confederation segments do not count",
            path(
                65000,
                "10.0.0.2",
                new AsPath(
                    List.of(
                        new AsPath.Segment(AsPath.Kind.CONFED_SEQUENCE, List.of(1L, 2L)),
                        new AsPath.Segment(AsPath.Kind.CONFED_SET, List.of(3L, 4L)),
                        first))),
            path(65000, "10.0.0.1", AsPath.of(65001, 65002))),
        Arguments.of(
            "9.1.2.2 b: lower ORIGIN before MED",
            path(65001, "10.0.0.2", one, Origin.EGP, new PathAttribute.Med(9)),
            path(65001, "10.0.0.1", one, Origin.INCOMPLETE, new PathAttribute.Med(1))),
        Arguments.of(
            "9.1.2.2 b: IGP before EGP",
            path(65001, "10.0.0.2", one, Origin.IGP),
            path(65001, "10.0.0.1", one, Origin.EGP)),
        Arguments.of(
            "9.1.2.2 c: lower MED of the same neighbor AS",
            path(65001, "10.0.0.2", one, new PathAttribute.Med(1)),
            path(65001, "10.0.0.1", one, new PathAttribute.Med(2))),
        Arguments.of(
            "9.1.2.2 c: MED is unsigned",
            path(65001, "10.0.0.2", one, new PathAttribute.Med(1)),
            path(65001, "10.0.0.1", one, new PathAttribute.Med(4294967295L))),
        Arguments.of(
            "9.1.2.2 c: no MED is the lowest",
            path(65001, "10.0.0.2", one),
            path(65001, "10.0.0.1", one, new PathAttribute.Med(1))),
        Arguments.of(
            "9.1.2.2 c: MED of different neighbors does not count",
            path(65001, "10.0.0.1", one, new PathAttribute.Med(9)),
            path(65002, "10.0.0.2", AsPath.of(65002), new PathAttribute.Med(1))),
        Arguments.of(
            "9.1.2.2 c: MED among internal routes of one neighbor AS",
            path(65000, "10.0.0.2", one, new PathAttribute.Med(1)),
            path(65000, "10.0.0.1", one, new PathAttribute.Med(2))),
        Arguments.of(
            "9.1.2.2 c: routes of this AS have the same neighbor AS",
            path(65000, "10.0.0.2", AsPath.EMPTY, new PathAttribute.Med(1)),
            path(65000, "10.0.0.1", AsPath.EMPTY, new PathAttribute.Med(2))),
        Arguments.of(
            "9.1.2.2 c before d: lower internal MED before external",
            path(65000, "10.0.0.2", one, new PathAttribute.Med(1)),
            path(65001, "10.0.0.1", one, new PathAttribute.Med(2))),
        Arguments.of(
            "9.1.2.2 d: external before internal",
            path(65001, "10.0.0.2", one),
            path(65000, "10.0.0.1", AsPath.of(65002))),
        Arguments.of(
            "9.1.2.2 f: lowest identifier, unsigned",
            path(65001, "10.0.0.2", "127.255.255.255", one),
            path(65001, "10.0.0.1", "128.0.0.0", one)),
        Arguments.of(
            "RFC 4456 9: ORIGINATOR_ID stands for the identifier",
            path(65000, "10.0.0.2", one, new PathAttribute.OriginatorId(id("1.0.0.1"))),
            path(65000, "10.0.0.1", one)),
        Arguments.of(
            "RFC 4456 8: ORIGINATOR_ID of an external peer is ignored",
            path(65001, "10.0.0.1", one),
            path(65001, "10.0.0.2", one, new PathAttribute.OriginatorId(id("1.0.0.1")))),
        Arguments.of(
            "RFC 4456 9: shorter CLUSTER_LIST before the address",
            path(65000, "10.0.0.2", "1.1.1.1", one, Decisions.clusters("2.2.2.2")),
            path(65000, "10.0.0.1", "1.1.1.1", one, Decisions.clusters("2.2.2.2", "3.3.3.3"))),
        Arguments.of(
            "RFC 4456 9: no CLUSTER_LIST is the shortest",
            path(65000, "10.0.0.2", "1.1.1.1", one),
            path(65000, "10.0.0.1", "1.1.1.1", one, Decisions.clusters("2.2.2.2"))),
        Arguments.of(
            "9.1.2.2 g: lowest peer address, unsigned",
            path(65001, "9.0.0.1", "1.1.1.1", one),
            path(65001, "200.0.0.1", "1.1.1.1", one)));
  }

  private static PathAttribute stale() {
    return new PathAttribute.Communities(List.of(Community.LLGR_STALE));
  }

  private static Inet4Address id(String text) {
    return Inet4Address.ofLiteral(text);
  }

  private static Path best(List<Path> paths) {
    DecisionProcess decision = new DecisionProcess();
    paths.forEach(decision::add);
    return Objects.requireNonNull(decision.best());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("better")
  void prefers(String what, Path better, Path worse) {
    assertThat(best(List.of(better, worse))).as(what).isSameAs(better);
    assertThat(best(List.of(worse, better))).as(what).isSameAs(better);
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
      assertThat(best(paths)).isSameAs(b);
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

  @Test
  void choosesAsTheTextOfTheRfcDoes() {
    Random random = new Random(7);
    DecisionProcess decision = new DecisionProcess();
    int decidedByMed = 0;
    for (int round = 0; round < 20_000; round++) {
      List<Path> paths = new ArrayList<>();
      for (int peer = 1; peer <= 1 + random.nextInt(12); peer++) {
        paths.add(random(random, peer));
      }
      decision.start();
      paths.forEach(decision::add);
      Path expected = Decisions.best(paths);
      assertThat(decision.best()).as("%s", paths).isSameAs(expected);
      assertThat(DecisionProcess.used(paths, true).getFirst()).isSameAs(expected);
      decidedByMed += expected.med > 0 ? 1 : 0;
    }
    assertThat(decidedByMed).isPositive();
  }

  private static Path random(Random random, int peer) {
    long asn = 65000 + random.nextInt(3);
    AsPath asPath =
        random.nextInt(4) == 0
            ? AsPath.of(asn == 65000 ? 65001 : asn, 9)
            : AsPath.of(asn == 65000 ? 65001 + random.nextInt(2) : asn);
    List<PathAttribute> more = new ArrayList<>();
    more.add(random.nextInt(5) == 0 ? Origin.EGP : Origin.IGP);
    more.add(new PathAttribute.Med(random.nextInt(3)));
    if (random.nextInt(5) == 0) {
      more.add(new PathAttribute.LocalPref(99 + random.nextInt(2)));
    }
    if (random.nextInt(9) == 0) {
      more.add(stale());
    }
    return path(
        asn,
        "10.0.0." + peer,
        "1.1.1." + random.nextInt(3),
        asPath,
        more.toArray(PathAttribute[]::new));
  }
}
