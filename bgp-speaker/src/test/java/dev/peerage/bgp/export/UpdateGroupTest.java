package dev.peerage.bgp.export;

import static dev.peerage.bgp.rib.Ribs.T0;
import static dev.peerage.bgp.rib.Ribs.prefix;
import static dev.peerage.bgp.wire.AddressFamily.IPV4_UNICAST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.rib.Rib;
import dev.peerage.bgp.rib.RibPeer;
import dev.peerage.bgp.rib.Ribs;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.CodecContext;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.MalformedMessageException;
import dev.peerage.bgp.wire.Message;
import dev.peerage.bgp.wire.MessageCodec;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.RouteRefresh;
import dev.peerage.bgp.wire.Update;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What equal peers share, in messages as they leave. */
class UpdateGroupTest {
  private static final ExportPolicy ALL = new ExportPolicy.All();
  private static final Prefix BASE = prefix("10.2.0.0/32");

  private final Rib rib = new Rib(Ribs.SETTINGS);

  @AfterEach
  void releaseBuffers() {
    rib.peers().forEach(peer -> rib.peerDown(peer, T0));
  }

  private static RibPeer peer(int number, ExportPolicy policy) {
    return Ribs.peer("p" + number, 65001 + number, "10.0.0." + number, policy);
  }

  private static RibPeer with(RibPeer peer, CodecContext codec, boolean enhancedRefresh) {
    return new RibPeer(
        peer.name(),
        peer.address(),
        peer.asn(),
        peer.bgpIdentifier(),
        peer.localAddress(),
        peer.families(),
        codec,
        enhancedRefresh,
        peer.longLived(),
        peer.importRoutes(),
        peer.routeServer(),
        peer.exportPolicy());
  }

  private static Prefix host(int number) {
    return new Prefix(IPV4_UNICAST, BASE.high() + ((long) number << 32), 0, 32);
  }

  private static ExportPolicy only(PrefixSet prefixes) {
    return Ribs.statements(new ExportStatement("s", prefixes, ExportStatement.Attributes.DEFAULT));
  }

  private Optional<byte[]> next(String peer) {
    return rib.outbox(peer)
        .next(T0)
        .map(messages -> {
          byte[] bytes = ByteBufUtil.getBytes(messages);
          messages.release();
          return bytes;
        });
  }

  private List<byte[]> rest(String peer) {
    List<byte[]> all = new ArrayList<>();
    for (Optional<byte[]> next = next(peer); next.isPresent(); next = next(peer)) {
      all.add(next.get());
    }
    return all;
  }

  private static List<Message> decode(byte[] messages, CodecContext codec) {
    List<Message> decoded = new ArrayList<>();
    ByteBuf in = Unpooled.wrappedBuffer(messages);
    try {
      while (in.isReadable()) {
        decoded.add(MessageCodec.decode(in.readSlice(MessageCodec.frameLength(in, codec)), codec));
      }
    } catch (MalformedMessageException e) {
      throw new AssertionError(e.error().reason(), e);
    }
    return decoded;
  }

  private List<Message> restDecoded(String peer) {
    return rest(peer).stream().flatMap(each -> decode(each, Ribs.CODEC).stream()).toList();
  }

  private static List<Prefix> announced(List<? extends Message> messages) {
    return messages.stream()
        .filter(Update.class::isInstance)
        .flatMap(each -> ((Update) each).announcements().stream())
        .flatMap(each -> each.prefixes().asList().stream())
        .toList();
  }

  private static List<Prefix> withdrawn(List<? extends Message> messages) {
    return messages.stream()
        .filter(Update.class::isInstance)
        .flatMap(each -> ((Update) each).withdrawals().stream())
        .flatMap(each -> each.asList().stream())
        .toList();
  }

  @Test
  void tellsAHundredEqualPeersTheSameBytesEncodedOnce() {
    rib.originate(PrefixSet.range(BASE, 10_000), T0);
    IntStream.range(0, 100)
        .forEach(i -> rib.peerUp(peer(i, only(PrefixSet.range(BASE, 9_000))), T0));
    List<byte[]> first = rest("p0");
    assertThat(announced(first.stream().flatMap(b -> decode(b, Ribs.CODEC).stream()).toList()))
        .hasSize(9_000)
        .doesNotHaveDuplicates();
    long encoded = rib.outbox("p0").counters().encoded();
    assertThat(encoded).isEqualTo(12);
    for (int i = 1; i < 100; i++) {
      assertThat(rest("p" + i)).usingElementComparator(Arrays::compare).isEqualTo(first);
    }
    assertThat(rib.outbox("p0").counters().encoded()).isEqualTo(encoded);
    assertThat(rib.outbox("p0").counters().examined()).isEqualTo(10_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100_000})
  void oneChangedPrefixCostsTheSameHoweverManyThereAre(int held) {
    PrefixSet prefixes = PrefixSet.range(BASE, held);
    rib.originate(prefixes, T0);
    IntStream.range(0, 3).forEach(i -> rib.peerUp(peer(i, only(prefixes)), T0));
    IntStream.range(0, 3).forEach(i -> rest("p" + i));
    long examined = rib.outbox("p0").counters().examined();
    long encoded = rib.outbox("p0").counters().encoded();
    PrefixSet more = prefixes.with(prefix("10.1.0.0/24"));
    rib.originate(more, T0);
    IntStream.range(0, 3).forEach(i -> rib.exportPolicyChanged("p" + i, only(more)));
    IntStream.range(0, 3)
        .forEach(i ->
            assertThat(announced(restDecoded("p" + i))).containsExactly(prefix("10.1.0.0/24")));
    assertThat(rib.outbox("p0").counters().examined() - examined).isEqualTo(1);
    assertThat(rib.outbox("p0").counters().encoded() - encoded).isEqualTo(1);
  }

  @Test
  void routesOfPeersCostNothingWhereOnlyOwnOnesAreTold() {
    rib.originate(PrefixSet.of(host(1)), T0);
    rib.peerUp(peer(0, only(PrefixSet.of(host(1)))), T0);
    rest("p0");
    long examined = rib.outbox("p0").counters().examined();

    rib.received("p0", Ribs.announce(Ribs.attributes(AsPath.of(65001)), host(2), host(3)), T0);
    rib.received("p0", Ribs.withdraw(host(3)), T0);
    assertThat(rib.hasPending("p0")).isFalse();

    rib.exportPolicyChanged("p0", ALL);
    assertThat(announced(restDecoded("p0"))).contains(host(2));
    rib.exportPolicyChanged("p0", only(PrefixSet.of(host(1))));
    rib.received("p0", Ribs.withdraw(host(2)), T0);
    assertThat(withdrawn(restDecoded("p0"))).containsExactly(host(2));
    assertThat(rib.outbox("p0").counters().examined() - examined).isLessThanOrEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20_000})
  void oneChangedStatementCostsTheSameHoweverManyThereAre(int held) {
    List<ExportStatement> statements = new ArrayList<>();
    for (int i = 0; i < held; i++) {
      statements.add(
          new ExportStatement("s" + i, PrefixSet.of(host(i)), ExportStatement.Attributes.DEFAULT));
    }
    rib.originate(PrefixSet.range(BASE, held), T0);
    rib.peerUp(peer(0, new ExportPolicy.Statements("p", statements)), T0);
    assertThat(announced(restDecoded("p0"))).hasSize(held);
    long examined = rib.outbox("p0").counters().examined();
    statements.set(
        held / 2,
        new ExportStatement(
            "s" + held / 2,
            PrefixSet.of(host(held / 2)),
            new ExportStatement.Attributes(100, List.of(new Community(7)), List.of())));
    statements.removeLast();
    rib.exportPolicyChanged("p0", new ExportPolicy.Statements("p", statements));
    List<Message> messages = restDecoded("p0");
    assertThat(withdrawn(messages)).containsExactly(host(held - 1));
    assertThat(announced(messages)).contains(host(held / 2));
    // The statements between the two have moved; their prefixes are looked at, but not sent.
    assertThat(rib.outbox("p0").counters().examined() - examined).isLessThanOrEqualTo(held / 2 + 1);
    assertThat(announced(messages)).hasSize(1);
  }

  @Test
  void aWithdrawalOvertakesATableUnderWay() {
    rib.originate(PrefixSet.range(BASE, 3_000), T0);
    rib.peerUp(peer(0, ALL), T0);
    Set<Prefix> sent = new HashSet<>(announced(decode(next("p0").orElseThrow(), Ribs.CODEC)));
    Prefix told = sent.iterator().next();
    Prefix queued =
        IntStream.range(0, 3_000)
            .mapToObj(UpdateGroupTest::host)
            .filter(each -> !sent.contains(each))
            .findFirst()
            .orElseThrow();

    rib.originate(PrefixSet.range(BASE, 3_000).without(told).without(queued), T0);

    List<Message> messages = restDecoded("p0");
    assertThat(withdrawn(messages.subList(0, 1))).containsExactly(told);
    assertThat(withdrawn(messages.subList(1, messages.size() - 1))).isEmpty();
    assertThat(announced(messages)).doesNotContain(told, queued).hasSize(2_999 - sent.size());
    assertThat(((Update) messages.getLast()).endOfRib()).isPresent();
  }

  @Test
  void aPeerThatDoesNotAskDelaysAndCostsNobody() {
    rib.originate(PrefixSet.range(BASE, 3_000), T0);
    rib.peerUp(peer(0, ALL), T0);
    rib.peerUp(peer(1, ALL), T0);
    Set<Prefix> known = new HashSet<>(announced(decode(next("p0").orElseThrow(), Ribs.CODEC)));
    rest("p1");
    PrefixSet prefixes = PrefixSet.range(BASE, 3_000);
    for (int i = 0; i < 20_000; i++) {
      Prefix flapping = host(i % 100);
      prefixes = prefixes.contains(flapping) ? prefixes.without(flapping) : prefixes.with(flapping);
      rib.originate(prefixes, T0);
      assertThat(rest("p1")).hasSize(1);
    }
    AdjRibOut table = rib.outbox("p0").group().table(IPV4_UNICAST);
    assertThat(table.withdrawals()).isLessThan(2_000);
    assertThat(table.pages()).isLessThan(400);

    for (Message message : restDecoded("p0")) {
      withdrawn(List.of(message)).forEach(known::remove);
      known.addAll(announced(List.of(message)));
    }
    assertThat(known).isEqualTo(prefixes);
    assertThat(table.withdrawals()).isZero();
  }

  @Test
  void aTableAfterManyChangesIsPackedAsTightlyAsAFreshOne() {
    PrefixSet prefixes = PrefixSet.EMPTY;
    rib.peerUp(peer(0, ALL), T0);
    for (int i = 0; i < 5_000; i++) {
      prefixes = prefixes.with(host(i));
      rib.originate(prefixes, T0);
      rest("p0");
    }
    rib.peerUp(peer(1, ALL), T0);
    assertThat(rest("p1"))
        .hasSize(7 + AddressFamily.values().length); // 810 to a message; End-of-RIB
    assertThat(rest("p0")).isEmpty();
    assertThat(rib.advertisedCount("p0", IPV4_UNICAST)).isEqualTo(5_000);
  }

  @ParameterizedTest
  @CsvSource({
    // extended messages, UPDATEs: 4,096 or 65,535 octets less 50 for header and attributes
    "false, 124",
    "true, 8",
  })
  void fillsItsMessages(boolean extended, int updates) {
    rib.originate(PrefixSet.range(BASE, 100_000), T0);
    CodecContext codec = new CodecContext(true, extended, false, Ribs.CODEC.families());
    rib.peerUp(with(peer(0, ALL), codec, false), T0);
    List<Message> messages =
        rest("p0").stream().flatMap(each -> decode(each, codec.mirrored()).stream()).toList();
    assertThat(announced(messages)).hasSize(100_000).doesNotHaveDuplicates();
    assertThat(messages).hasSize(updates + AddressFamily.values().length);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void marksTheAnswerToARefreshWhereNegotiated(boolean enhanced) {
    rib.originate(PrefixSet.range(BASE, 1_000), T0);
    rib.peerUp(with(peer(0, ALL), Ribs.CODEC, enhanced), T0);
    rib.peerUp(with(peer(1, ALL), Ribs.CODEC, enhanced), T0);
    rest("p0");
    rest("p1");
    rib.refresh("p0", IPV4_UNICAST);
    List<Message> messages = restDecoded("p0");
    assertThat(announced(messages)).hasSize(1_000);
    assertThat(messages.stream().filter(RouteRefresh.class::isInstance).toList())
        .isEqualTo(
            enhanced
                ? List.of(
                    RouteRefresh.of(IPV4_UNICAST, RouteRefresh.BEGIN),
                    RouteRefresh.of(IPV4_UNICAST, RouteRefresh.END))
                : List.of());
    if (enhanced) {
      assertThat(messages.getFirst()).isInstanceOf(RouteRefresh.class);
      assertThat(messages.getLast()).isInstanceOf(RouteRefresh.class);
    }
    assertThat(rest("p1")).isEmpty();
  }

  @Test
  void whatDoesNotFitIntoAMessageIsNotAdvertised() {
    rib.peerUp(peer(0, ALL), T0);
    rib.peerUp(peer(1, ALL), T0);
    rib.received("p1", Ribs.announce(Ribs.attributes(AsPath.of(65002)), host(1), host(2)), T0);
    assertThat(announced(restDecoded("p0"))).hasSize(2);
    PathAttribute many =
        new PathAttribute.Communities(LongStream.range(0, 1_012).mapToObj(Community::new).toList());
    rib.received("p1", Ribs.announce(Ribs.attributes(AsPath.of(65002), many), host(1)), T0);
    List<Message> messages = restDecoded("p0");
    assertThat(withdrawn(messages)).containsExactly(host(1));
    assertThat(announced(messages)).isEmpty();
    assertThat(rib.advertisedCount("p0", IPV4_UNICAST)).isEqualTo(1);
  }

  @Test
  void peersWithOtherPoliciesGoTheirOwnWayWithoutHearingAnythingAgain() {
    PrefixSet some = PrefixSet.range(BASE, 10);
    rib.originate(some, T0);
    IntStream.range(0, 4).forEach(i -> rib.peerUp(peer(i, only(some)), T0));
    IntStream.range(0, 4).forEach(i -> rest("p" + i));
    rib.exportPolicyChanged("p1", only(some.without(host(3))));
    rib.exportPolicyChanged("p2", ALL);
    assertThat(rest("p0")).isEmpty();
    List<Message> messages = restDecoded("p1");
    assertThat(withdrawn(messages)).containsExactly(host(3));
    assertThat(announced(messages)).isEmpty();
    assertThat(rest("p2")).isEmpty();
    assertThat(rest("p3")).isEmpty();
    assertThat(rib.outbox("p0").group()).isSameAs(rib.outbox("p3").group());
    assertThat(rib.outbox("p0").group()).isNotSameAs(rib.outbox("p1").group());
    rib.originate(some.without(host(5)), T0);
    for (int i = 0; i < 4; i++) {
      assertThat(withdrawn(restDecoded("p" + i))).containsExactly(host(5));
    }
  }

  @Test
  void aStatementMayTakeAWholeFamily() {
    rib.originate(PrefixSet.of(host(1), host(2), prefix("fd00::/64")), T0);
    ExportPolicy policy =
        Ribs.statements(
            new ExportStatement(
                "first",
                PrefixSet.of(host(1)),
                new ExportStatement.Attributes(100, List.of(new Community(1)), List.of())),
            new ExportStatement(
                "rest", PrefixSet.EMPTY, Set.of(IPV4_UNICAST), ExportStatement.Attributes.DEFAULT));
    rib.peerUp(peer(0, policy), T0);
    RouteChanges changes = Ribs.drain(rib, "p0", T0);
    assertThat(changes.announcements())
        .extracting(each -> each.attributes().communities(), Update.Announcement::prefixes)
        .containsExactlyInAnyOrder(
            Tuple.tuple(List.of(new Community(1)), PrefixList.of(host(1))),
            Tuple.tuple(List.of(), PrefixList.of(host(2))));
    rib.exportPolicyChanged("p0", only(PrefixSet.of(host(1))));
    assertThat(Ribs.drain(rib, "p0", T0).withdrawals()).containsExactly(PrefixList.of(host(2)));
  }
}
