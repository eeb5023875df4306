package dev.peerage.bgp.wire;

import static dev.peerage.bgp.wire.Wire.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packer fills every message but the last, never overflows, and loses no route. */
class UpdatePackerTest {
  private static final PathAttributes IPV4 =
      PathAttributes.of(Origin.IGP, AsPath.of(65001), new PathAttribute.NextHop(ip("10.0.0.1")));
  private static final PathAttributes IPV6 =
      PathAttributes.of(Origin.IGP, AsPath.of(65001), new PathAttribute.NextHop(ip("2001:db8::1")));

  private static PrefixList random(AddressFamily family, int count, long seed) {
    Random random = new Random(seed);
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(family.maxLength() + 1);
      long high = random.nextLong();
      prefixes.add(
          family == AddressFamily.IPV4_UNICAST
              ? new Prefix(family, high & 0xffff_ffff_0000_0000L, 0, length)
              : new Prefix(family, high, random.nextLong(), length));
    }
    return PrefixList.of(family, prefixes);
  }

  private static List<ByteBuf> announce(
      CodecContext context, PathAttributes attributes, PrefixList prefixes) {
    UpdatePacker packer = new UpdatePacker(context);
    List<ByteBuf> messages = new ArrayList<>();
    for (int next = 0; next < prefixes.size(); ) {
      ByteBuf out = Unpooled.buffer();
      next = packer.announce(attributes, prefixes, next, out).next();
      messages.add(out);
    }
    return messages;
  }

  private static List<ByteBuf> withdraw(CodecContext context, PrefixList prefixes) {
    UpdatePacker packer = new UpdatePacker(context);
    List<ByteBuf> messages = new ArrayList<>();
    for (int next = 0; next < prefixes.size(); ) {
      ByteBuf out = Unpooled.buffer();
      next = packer.withdraw(prefixes, next, out);
      messages.add(out);
    }
    return messages;
  }

  @ParameterizedTest
  @CsvSource({
    "IPV4_UNICAST, false",
    "IPV4_UNICAST, true",
    "IPV6_UNICAST, false",
    "IPV6_UNICAST, true"
  })
  void fillsMessagesToTheBrim(AddressFamily family, boolean extended)
      throws MalformedMessageException {
    CodecContext context = extended ? Wire.EXTENDED : Wire.MODERN;
    PathAttributes attributes = family == AddressFamily.IPV4_UNICAST ? IPV4 : IPV6;
    PrefixList prefixes = random(family, 20_000, 42);
    List<Prefix> announced = new ArrayList<>();
    List<ByteBuf> messages = announce(context, attributes, prefixes);
    checkFill(messages, family, context);
    for (ByteBuf message : messages) {
      for (Update.Announcement each : Wire.decodeUpdate(message, context).announcements()) {
        assertThat(each.attributes()).isEqualTo(attributes);
        announced.addAll(each.prefixes().asList());
      }
    }
    assertThat(announced).isEqualTo(prefixes.asList());
    List<Prefix> withdrawn = new ArrayList<>();
    messages = withdraw(context, prefixes);
    checkFill(messages, family, context);
    for (ByteBuf message : messages) {
      Wire.decodeUpdate(message, context)
          .withdrawals()
          .forEach(each -> withdrawn.addAll(each.asList()));
    }
    assertThat(withdrawn).isEqualTo(prefixes.asList());
  }

  /** What is left over in a message is less than the longest prefix takes. */
  private static void checkFill(
      List<ByteBuf> messages, AddressFamily family, CodecContext context) {
    for (ByteBuf message : messages) {
      assertThat(message.readableBytes()).isLessThanOrEqualTo(context.maxLength());
    }
    for (ByteBuf message : messages.subList(0, messages.size() - 1)) {
      assertThat(message.readableBytes())
          .isGreaterThanOrEqualTo(context.maxLength() - family.maxLength() / 8);
    }
  }

  @Test
  void usesAsFewMessagesAsTheSizesAllow() {
    // 19 + 2 + 2 + 20 bytes of header, lengths and attributes leave 4053: 810 host routes of 5.
    List<Prefix> hosts = new ArrayList<>();
    for (int i = 0; i < 1621; i++) {
      hosts.add(new Prefix(AddressFamily.IPV4_UNICAST, (0x0a000000L + i) << 32, 0, 32));
    }
    assertThat(announce(Wire.MODERN, IPV4, PrefixList.of(AddressFamily.IPV4_UNICAST, hosts)))
        .hasSize(3);
    assertThat(
            announce(
                Wire.MODERN,
                IPV4,
                PrefixList.of(AddressFamily.IPV4_UNICAST, hosts.subList(0, 1620))))
        .hasSize(2);
  }

  @Test
  void endsAMessageExactlyAtTheLimit() {
    // 19 + 2 + 2 bytes leave 4073 = 814 * 5 + 3 for withdrawals: a /16 fills the rest.
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < 814; i++) {
      prefixes.add(new Prefix(AddressFamily.IPV4_UNICAST, (0x0a000000L + i) << 32, 0, 32));
    }
    prefixes.add(Prefix.parse("172.16.0.0/16"));
    List<ByteBuf> messages =
        withdraw(Wire.MODERN, PrefixList.of(AddressFamily.IPV4_UNICAST, prefixes));
    assertThat(messages).hasSize(1);
    assertThat(messages.getFirst().readableBytes()).isEqualTo(4096);
  }

  @Test
  void sendsIpv4RoutesWithAnIpv6NextHopInMpReach() throws MalformedMessageException {
    PrefixList prefixes = Wire.prefixes("10.0.0.0/8");
    Update update =
        Wire.decodeUpdate(announce(Wire.EXTENDED, IPV6, prefixes).getFirst(), Wire.EXTENDED);
    assertThat(update.announced().isEmpty()).isTrue();
    assertThat(update.attributes().find(PathAttribute.MpReach.class))
        .contains(new PathAttribute.MpReach(ip("2001:db8::1"), prefixes));
  }

  @Test
  void sendsIpv6RoutesOverAnIpv4SessionWithAMappedNextHop() throws MalformedMessageException {
    PrefixList prefixes = Wire.prefixes("2001:db8::/32");
    ByteBuf message = announce(Wire.MODERN, IPV4, prefixes).getFirst();
    // header, two lengths, MP_REACH header, AFI, SAFI, next hop length
    assertThat(message.getUnsignedByte(19 + 4 + 3 + 3)).isEqualTo((short) 16);
    assertThat(message.getLong(19 + 4 + 3 + 4)).isZero();
    assertThat(message.getInt(19 + 4 + 3 + 12)).isEqualTo(0xffff);
    assertThat(Wire.decodeUpdate(message, Wire.MODERN).announcements())
        .containsExactly(new Update.Announcement(IPV4, prefixes));
  }

  @Test
  void refusesAttributesThatLeaveNoRoomAndLeavesTheBufferAsItWas() {
    PathAttributes large =
        IPV4.with(
            new PathAttribute.Communities(Collections.nCopies(1015, new Community(0xfde80001L))));
    UpdatePacker packer = new UpdatePacker(Wire.MODERN);
    for (PrefixList prefixes :
        List.of(Wire.prefixes("10.0.0.1/32"), Wire.prefixes("2001:db8::1/128"))) {
      ByteBuf out = Unpooled.buffer().writeInt(7);
      assertThat(packer.announce(large, prefixes, 0, out))
          .isInstanceOfSatisfying(
              Packed.Unsendable.class,
              unsendable -> {
                assertThat(unsendable.next()).isEqualTo(1);
                assertThat(unsendable.reason()).contains("no room");
              });
      assertThat(out.readableBytes()).isEqualTo(4);
    }
  }

  @Test
  void refusesOnlyThePrefixesThatAreTooLong() throws MalformedMessageException {
    // 19 + 4 + 20 + 4 + 4048 bytes leave one for NLRI: room for the default route.
    PathAttributes large =
        IPV4.with(
            new PathAttribute.Communities(Collections.nCopies(1012, new Community(0xfde80001L))));
    PrefixList prefixes = Wire.prefixes("10.0.0.1/32", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.0/9");
    UpdatePacker packer = new UpdatePacker(Wire.MODERN);
    ByteBuf out = Unpooled.buffer();
    assertThat(packer.announce(large, prefixes, 0, out).next()).isEqualTo(1);
    assertThat(packer.announce(large, prefixes, 1, out))
        .isInstanceOfSatisfying(
            Packed.Unsendable.class, each -> assertThat(each.next()).isEqualTo(2));
    assertThat(out.isReadable()).isFalse();
    assertThat(packer.announce(large, prefixes, 2, out)).isEqualTo(new Packed.Appended(3));
    assertThat(Wire.decodeUpdate(out, Wire.MODERN).announced())
        .isEqualTo(Wire.prefixes("0.0.0.0/0"));
    assertThat(packer.announce(large, prefixes, 3, Unpooled.buffer()))
        .isInstanceOf(Packed.Unsendable.class);
  }

  /** RFC 8654 section 4: what a receiver may discard is left out before a route is. */
  @Test
  void leavesOutTheAggregatorWhereThatMakesRoom() throws MalformedMessageException {
    PathAttributes large =
        IPV4.with(
            new PathAttribute.Communities(Collections.nCopies(1011, new Community(0xfde80001L))));
    ByteBuf out = Unpooled.buffer();
    PrefixList prefixes = Wire.prefixes("10.0.0.1/32");
    assertThat(
            new UpdatePacker(Wire.MODERN)
                .announce(
                    large
                        .with(new PathAttribute.AtomicAggregate())
                        .with(new PathAttribute.Aggregator(65000, Wire.ipv4("1.1.1.1"))),
                    prefixes,
                    0,
                    out))
        .isEqualTo(new Packed.Appended(1));
    assertThat(Wire.decodeUpdate(out, Wire.MODERN).announcements())
        .containsExactly(new Update.Announcement(large, prefixes));
  }

  @Test
  void refusesAnIpv6NextHopForIpv4RoutesThatWasNotNegotiated() { // RFC 8950 section 4
    ByteBuf out = Unpooled.buffer();
    assertThat(
            new UpdatePacker(Wire.MODERN)
                .announce(IPV6, Wire.prefixes("10.0.0.0/8", "11.0.0.0/8"), 0, out))
        .isInstanceOfSatisfying(
            Packed.Unsendable.class, each -> assertThat(each.next()).isEqualTo(2));
    assertThat(out.isReadable()).isFalse();
  }

  /** RFC 4271 section 4.3: the long form of an attribute's length where one octet is not enough. */
  @ParameterizedTest
  @CsvSource({"13, 242", "14, 259", "1000, 4096"})
  void usesTheLongLengthOfMpReachOnlyWhereNeeded(int routes, int most)
      throws MalformedMessageException {
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < routes; i++) {
      prefixes.add(new Prefix(AddressFamily.IPV6_UNICAST, 0x20010db8L << 32 | i, i, 128));
    }
    PrefixList list = PrefixList.of(AddressFamily.IPV6_UNICAST, prefixes);
    ByteBuf first = announce(Wire.MODERN, IPV6, list).getFirst();
    boolean extended = (first.getUnsignedByte(19 + 4) & 0x10) != 0;
    int length = extended ? first.getUnsignedShort(19 + 6) : first.getUnsignedByte(19 + 6);
    assertThat(extended).isEqualTo(length > 255);
    assertThat(length).isLessThanOrEqualTo(most);
    assertThat(Wire.decodeUpdate(first, Wire.MODERN).problems()).isEmpty();
  }
}
