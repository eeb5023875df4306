package dev.peerage.bgp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.wire.Malformed.AttributeDiscard;
import dev.peerage.bgp.wire.Malformed.TreatAsWithdraw;
import dev.peerage.bgp.wire.UpdateValidator.Session;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 7606: what is wrong with an UPDATE, and what becomes of its routes. */
class MalformedUpdateTest {
  private static final Session EXTERNAL = new Session(true, 65000);
  private static final Session INTERNAL = new Session(false, 65001);

  private static final String ORIGIN = "40 01 01 00\n";
  private static final String AS_PATH = "40 02 06 02 01 00 00 fd e8\n";
  private static final String NEXT_HOP = "40 03 04 0a 00 00 01\n";
  private static final String LOCAL_PREF = "40 05 04 00 00 00 64\n";
  private static final String GOOD = ORIGIN + AS_PATH + NEXT_HOP;
  private static final String NLRI = "18 ac 14 05"; // 172.20.5.0/24

  private static Arguments bad(
      String what, String attributes, Session session, int attribute, NotificationCode code) {
    return Arguments.of(what, attributes, session, attribute, code);
  }

  static Stream<Arguments> treatAsWithdraw() {
    NotificationCode length = NotificationCode.ATTRIBUTE_LENGTH_ERROR;
    NotificationCode flags = NotificationCode.ATTRIBUTE_FLAGS_ERROR;
    NotificationCode missing = NotificationCode.MISSING_WELL_KNOWN_ATTRIBUTE;
    NotificationCode path = NotificationCode.MALFORMED_AS_PATH;
    NotificationCode list = NotificationCode.MALFORMED_ATTRIBUTE_LIST;
    String tail = AS_PATH + NEXT_HOP;
    return Stream.of(
        bad(
            "ORIGIN 3",
            "40 01 01 03\n" + tail,
            EXTERNAL,
            1,
            NotificationCode.INVALID_ORIGIN_ATTRIBUTE),
        bad("EXTENDED_COMMUNITIES of 0", GOOD + "c0 10 00", EXTERNAL, 16, length),
        bad("EXTENDED_COMMUNITIES of 7", GOOD + "c0 10 07" + "00".repeat(7), EXTERNAL, 16, length),
        bad("EXTENDED_COMMUNITIES flags", GOOD + "80 10 08" + "00".repeat(8), EXTERNAL, 16, flags),
        bad("IPv6 extended communities of 0", GOOD + "c0 19 00", EXTERNAL, 25, length),
        bad("IPv6 extended of 19", GOOD + "c0 19 13" + "00".repeat(19), EXTERNAL, 25, length),
        bad("IPv6 extended flags", GOOD + "40 19 14" + "00".repeat(20), EXTERNAL, 25, flags),
        bad("ORIGIN of 0", "40 01 00\n" + tail, EXTERNAL, 1, length),
        bad("ORIGIN of 2", "40 01 02 00 00\n" + tail, EXTERNAL, 1, length),
        bad("ORIGIN optional", "c0 01 01 00\n" + tail, EXTERNAL, 1, flags),
        bad(
            "AS_PATH not transitive",
            ORIGIN + NEXT_HOP + "00 02 06 02 01 00 00 fd e8",
            EXTERNAL,
            2,
            flags),
        bad("AS_PATH type 5", ORIGIN + NEXT_HOP + "40 02 06 05 01 00 00 fd e8", EXTERNAL, 2, path),
        bad("AS_PATH type 0", ORIGIN + NEXT_HOP + "40 02 06 00 01 00 00 fd e8", EXTERNAL, 2, path),
        bad("AS_PATH empty segment", ORIGIN + NEXT_HOP + "40 02 02 02 00", EXTERNAL, 2, path),
        bad("AS_PATH overrun", ORIGIN + NEXT_HOP + "40 02 06 02 02 00 00 fd e8", EXTERNAL, 2, path),
        bad(
            "AS_PATH odd octet",
            ORIGIN + NEXT_HOP + "40 02 07 02 01 00 00 fd e8 02",
            EXTERNAL,
            2,
            path),
        bad(
            "AS_PATH with AS 0",
            ORIGIN + NEXT_HOP + "40 02 0a 02 02 00 00 fd e8 00 00 00 00",
            EXTERNAL,
            2,
            path),
        bad(
            "AS_PATH with a set in front",
            ORIGIN + NEXT_HOP + "40 02 06 01 01 00 00 fd e8",
            EXTERNAL,
            2,
            path),
        bad("AS_PATH empty from outside", ORIGIN + NEXT_HOP + "40 02 00", EXTERNAL, 2, path),
        bad(
            "confederation from outside",
            ORIGIN + NEXT_HOP + "40 02 0c 03 01 00 00 00 07 02 01 00 00 fd e8",
            EXTERNAL,
            2,
            path),
        bad("NEXT_HOP of 3", ORIGIN + AS_PATH + "40 03 03 0a 00 00", EXTERNAL, 3, length),
        bad(
            "NEXT_HOP 0.0.0.0",
            ORIGIN + AS_PATH + "40 03 04 00 00 00 00",
            EXTERNAL,
            3,
            NotificationCode.INVALID_NEXT_HOP_ATTRIBUTE),
        bad(
            "NEXT_HOP multicast",
            ORIGIN + AS_PATH + "40 03 04 e0 00 00 01",
            EXTERNAL,
            3,
            NotificationCode.INVALID_NEXT_HOP_ATTRIBUTE),
        bad(
            "NEXT_HOP broadcast",
            ORIGIN + AS_PATH + "40 03 04 ff ff ff ff",
            EXTERNAL,
            3,
            NotificationCode.INVALID_NEXT_HOP_ATTRIBUTE),
        bad("MED of 3", GOOD + "80 04 03 00 00 01", EXTERNAL, 4, length),
        bad("MED transitive", GOOD + "c0 04 04 00 00 00 01", EXTERNAL, 4, flags),
        bad("LOCAL_PREF of 3, internal", GOOD + "40 05 03 00 00 01", INTERNAL, 5, length),
        bad("ATOMIC_AGGREGATE optional", GOOD + "c0 06 00", EXTERNAL, 6, flags),
        bad("COMMUNITIES of 0", GOOD + "c0 08 00", EXTERNAL, 8, length),
        bad("COMMUNITIES of 5", GOOD + "c0 08 05 00 00 00 00 00", EXTERNAL, 8, length),
        bad(
            "ORIGINATOR_ID of 5, internal",
            GOOD + LOCAL_PREF + "80 09 05 00 00 00 00 00",
            INTERNAL,
            9,
            length),
        bad("CLUSTER_LIST of 0, internal", GOOD + LOCAL_PREF + "80 0a 00", INTERNAL, 10, length),
        bad("LARGE_COMMUNITY of 0", GOOD + "c0 20 00", EXTERNAL, 32, length),
        bad("LARGE_COMMUNITY of 11", GOOD + "c0 20 0b" + "00".repeat(11), EXTERNAL, 32, length),
        bad("no ORIGIN", AS_PATH + NEXT_HOP, EXTERNAL, 1, missing),
        bad("no AS_PATH", ORIGIN + NEXT_HOP, EXTERNAL, 2, missing),
        bad("no NEXT_HOP", ORIGIN + AS_PATH, EXTERNAL, 3, missing),
        bad("no LOCAL_PREF, internal", GOOD, INTERNAL, 5, missing),
        bad("no attribute at all", "", EXTERNAL, 1, missing), // CVE-2023-41358
        bad("only an unknown one", "c0 c8 01 00", EXTERNAL, 1, missing), // CVE-2023-46753
        bad(
            "MP_UNREACH and routes without attributes",
            "80 0f 03 00 02 01",
            EXTERNAL,
            1,
            missing), // CVE-2023-47234
        bad("attribute overrun", GOOD + "80 04 05 00 00 00 01", EXTERNAL, 4, list),
        bad("one octet left", GOOD + "80", EXTERNAL, 0, list),
        bad("extended header cut", GOOD + "90 04 00", EXTERNAL, 0, list));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("treatAsWithdraw")
  void treatsAsWithdraw(
      String what, String attributes, Session session, int attribute, NotificationCode code)
      throws MalformedMessageException {
    Update update = validate(Wire.update("", attributes, NLRI), session);
    assertThat(update.problems())
        .as(what)
        .anySatisfy(problem ->
            assertThat(problem)
                .isInstanceOfSatisfying(
                    TreatAsWithdraw.class,
                    each -> {
                      assertThat(each.attribute()).isEqualTo(attribute);
                      assertThat(each.code()).isEqualTo(code);
                      assertThat(each.reason()).isNotBlank();
                    }));
    assertThat(update.announcements()).isEmpty();
    assertThat(update.withdrawals()).containsExactly(Wire.prefixes("172.20.5.0/24"));
    assertThat(update.endOfRib()).isEmpty();
  }

  static Stream<Arguments> attributeDiscard() {
    NotificationCode length = NotificationCode.ATTRIBUTE_LENGTH_ERROR;
    NotificationCode optional = NotificationCode.OPTIONAL_ATTRIBUTE_ERROR;
    return Stream.of(
        bad("ATOMIC_AGGREGATE of 1", GOOD + "40 06 01 00", EXTERNAL, 6, length),
        bad("AGGREGATOR of 7", GOOD + "c0 07 07" + "00".repeat(7), EXTERNAL, 7, length),
        bad("AGGREGATOR of AS 0", GOOD + "c0 07 08" + "00".repeat(8), EXTERNAL, 7, optional),
        bad("LOCAL_PREF from outside", GOOD + LOCAL_PREF, EXTERNAL, 5, optional),
        bad("bad LOCAL_PREF from outside", GOOD + "40 05 03 00 00 01", EXTERNAL, 5, length),
        bad("ORIGINATOR_ID from outside", GOOD + "80 09 04 01 01 01 01", EXTERNAL, 9, optional),
        bad("bad CLUSTER_LIST from outside", GOOD + "80 0a 03 01 01 01", EXTERNAL, 10, length),
        bad(
            "MED twice",
            GOOD + "80 04 04 00 00 00 01 80 04 04 00 00 00 02",
            EXTERNAL,
            4,
            NotificationCode.MALFORMED_ATTRIBUTE_LIST),
        bad(
            "MP_REACH of a family that was not negotiated",
            GOOD + "80 0e 05 00 19 46 00 00",
            EXTERNAL,
            14,
            optional));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attributeDiscard")
  void discardsTheAttributeAndKeepsTheRoutes(
      String what, String attributes, Session session, int attribute, NotificationCode code)
      throws MalformedMessageException {
    Update update = validate(Wire.update("", attributes, NLRI), session);
    assertThat(update.problems())
        .as(what)
        .singleElement()
        .isInstanceOfSatisfying(
            AttributeDiscard.class,
            each -> {
              assertThat(each.attribute()).isEqualTo(attribute);
              assertThat(each.code()).isEqualTo(code);
            });
    assertThat(update.withdrawals()).isEmpty();
    assertThat(update.announcements())
        .singleElement()
        .satisfies(each -> assertThat(each.prefixes()).isEqualTo(Wire.prefixes("172.20.5.0/24")));
  }

  @Test
  void stillWithdrawsTheRoutesOfAnMpReachWithBadFlags() throws MalformedMessageException {
    String reach = "00 02 01 10 20 01 0d b8" + "00".repeat(11) + "01 00 20 20 01 0d b8";
    Update update = validate(Wire.update("", ORIGIN + AS_PATH + "c0 0e 1a" + reach, ""), EXTERNAL);
    assertThat(update.withdrawals()).containsExactly(Wire.prefixes("2001:db8::/32"));
    assertThat(update.announcements()).isEmpty();
  }

  @Test
  void keepsTheFirstOfTwoAttributes() throws MalformedMessageException {
    Update update =
        validate(
            Wire.update("", GOOD + "80 04 04 00 00 00 01 80 04 04 00 00 00 02", NLRI), EXTERNAL);
    assertThat(update.attributes().med()).isEqualTo(1);
  }

  @Test
  void keepsUnknownTransitiveAttributesAndMarksThemPartialWhenSending()
      throws MalformedMessageException {
    Update update =
        validate(
            Wire.update("", GOOD + "c0 c8 01 07" /* kept */ + "80 c9 01 07" /* dropped */, NLRI),
            EXTERNAL);
    assertThat(update.problems()).isEmpty();
    assertThat(update.attributes().find(PathAttribute.Unknown.class))
        .contains(new PathAttribute.Unknown(0xc0, 200, Bytes.octets(7)));
    assertThat(update.attributes().has(201)).isFalse();
    Update sent = (Update) Wire.roundTrip(update, Wire.MODERN);
    assertThat(sent.attributes().find(PathAttribute.Unknown.class))
        .contains(new PathAttribute.Unknown(0xe0, 200, Bytes.octets(7)));
  }

  @Test
  void ignoresIpv4RoutesThatWereNotNegotiated() throws MalformedMessageException {
    CodecContext ipv6Only =
        new CodecContext(true, false, false, Set.of(AddressFamily.IPV6_UNICAST));
    Update update =
        UpdateValidator.validate(
            Wire.decodeUpdate(Wire.update(NLRI, GOOD, NLRI), ipv6Only), EXTERNAL);
    assertThat(update.withdrawals()).isEmpty();
    assertThat(update.announcements()).isEmpty();
    assertThat(update.problems()).singleElement().isInstanceOf(AttributeDiscard.class);
  }

  @Test
  void aMalformedMessageIsNoEndOfRib() throws MalformedMessageException { // CVE-2023-47235
    Update update = validate(Wire.update("", GOOD + "80 0e 05 00 19 46 00 00", ""), EXTERNAL);
    assertThat(update.endOfRib()).isEmpty();
  }

  @Test
  void anUpdateOfIgnoredAttributesIsNoEndOfRib() throws MalformedMessageException {
    Update update = validate(Wire.update("", "80 c9 01 07", ""), EXTERNAL);
    assertThat(update.endOfRib()).isEmpty();
    assertThat(update.problems()).singleElement().isInstanceOf(AttributeDiscard.class);
  }

  @Test
  void ignoresNextHopWhereNoRouteUsesIt() throws MalformedMessageException { // RFC 4760 section 3
    Update update =
        validate(
            Wire.update(
                "",
                ORIGIN
                    + AS_PATH
                    + "40 03 04 00 00 00 00\n"
                    + "80 0e 1a 00 02 01 10 20010db8 00000000 00000000 00000001 00 20 20010db8",
                ""),
            EXTERNAL);
    assertThat(update.treatAsWithdraw()).isFalse();
    assertThat(update.announcements())
        .singleElement()
        .satisfies(
            each -> assertThat(each.attributes().nextHop()).contains(Wire.ip("2001:db8::1")));
  }

  @Test
  void acceptsAnInternalRouteWithAnEmptyPath() throws MalformedMessageException {
    Update update =
        validate(Wire.update("", ORIGIN + "40 02 00\n" + NEXT_HOP + LOCAL_PREF, NLRI), INTERNAL);
    assertThat(update.problems()).isEqualTo(List.of());
    assertThat(update.announcements()).hasSize(1);
  }

  private static Update validate(ByteBuf frame, Session session) throws MalformedMessageException {
    return UpdateValidator.validate(Wire.decodeUpdate(frame, Wire.MODERN), session);
  }
}
