package dev.peerage.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KernelMessagesTest {
  /** Recorded on Linux 6.18, x86-64: {@code ip} set it up, the kernel told. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Links, without the attributes that are not read.
        "16 | 00000403010000004900010000000000 070003006c6f0000 0500100000000000 0a0001000000000000000000 0a0002000000000000000000 | LinkSeen[index=1, name=lo, kind=, adminUp=true, operState=UNKNOWN, mac=Optional.empty]",
        "16 | 00000100020000000210000000000000 0800030062723000 0500100002000000 0a00010002000000000100000a000200ffffffffffff0000 10001200 0b00010062726964676500 00 | LinkSeen[index=2, name=br0, kind=bridge, adminUp=false, operState=DOWN, mac=Optional[02:00:00:00:00:01]]",
        "17 | 00000100020000000210000000000000 0800030062723000 | LinkGone[index=2]",
        // A port leaves its bridge, which is no end of the port (AF_BRIDGE).
        "17 | 07000100030000000210000000000000 0800030062723000 | Irrelevant[]",
        // Addresses: loopback, usual, point-to-point, link-local, secondary.
        "20 | 020880fe01000000 080001007f000001 080002007f000001 070003006c6f0000 0800080080000000 14000600fffffffffffffffffc151500fc151500 | AddressSeen[link=1, address=/127.0.0.1]",
        "20 | 0218800004000000 080001000a000001 080002000a000001 0700030076300000 0800080080000000 | AddressSeen[link=4, address=/10.0.0.1]",
        "20 | 0220800004000000 080001000a010002 080002000a010001 0700030076300000 0800080080000000 | AddressSeen[link=4, address=/10.1.0.1]",
        "20 | 0210800004000000 08000100a9fe0301 08000200a9fe0301 0800080080000000 | AddressSeen[link=4, address=/169.254.3.1]",
        "20 | 0218810004000000 080001000a000009 080002000a000009 0800080081000000 | AddressSeen[link=4, address=/10.0.0.9]",
        "21 | 0218810004000000 080001000a000009 080002000a000009 0800080081000000 | AddressGone[link=4, address=/10.0.0.9]",
        // IPv6: point-to-point, deprecated, tentative, tentative but optimistic, refuted,
        // IPv4-mapped.
        "20 | 0a80820004000000 14000200fd000001000000000000000000000001 14000100fd000001000000000000000000000002 0800080082000000 | AddressSeen[link=4, address=/fd00:1:0:0:0:0:0:1]",
        "20 | 0a40a20004000000 14000100fd000000000000000000000000000009 14000600 00000000ffffffff0616150006161500 08000800a2000000 | AddressSeen[link=4, address=/fd00:0:0:0:0:0:0:9]",
        "20 | 0a40c0fd04000000 14000100fe80000000000000841bbdfffe2a3736 08000800c0000000 | AddressGone[link=4, address=/fe80:0:0:0:841b:bdff:fe2a:3736]",
        "20 | 0a40c4fd04000000 14000100fe80000000000000841bbdfffe2a3736 08000800c4000000 | AddressSeen[link=4, address=/fe80:0:0:0:841b:bdff:fe2a:3736]",
        "20 | 0a4088fd04000000 14000100fe80000000000000841bbdfffe2a3736 0800080088000000 | AddressGone[link=4, address=/fe80:0:0:0:841b:bdff:fe2a:3736]",
        "20 | 0a40800004000000 1400010000000000000000000000ffff0a000001 0800080080000000 | Irrelevant[]",
        "20 | 0740800004000000 1400010000000000000000000000ffff0a000001 | Irrelevant[]",
        // IPv4 routes: two next hops, the second on-link; without gateway; a metric above 2^31; not
        // to all.
        "24 | 02000000fe03000100000000 08000f00fe000000 0800060005000000 24000900 1000000004000000080005000a0000fd 1000040104000000080005000a090909 | DefaultRouteSeen[nextHops=[NextHop[gateway=/10.0.0.253, link=4, metric=5], NextHop[gateway=/10.9.9.9, link=4, metric=5]]]",
        "24 | 02000000fe03fd0100000000 08000f00fe000000 080006000a000000 0800040004000000 | DefaultRouteSeen[nextHops=[]]",
        "24 | 02000000fe03000100000000 08000f00fe000000 08000600005ed0b2 080005000a0000fe 0800040004000000 | DefaultRouteSeen[nextHops=[NextHop[gateway=/10.0.0.254, link=4, metric=3000000000]]]",
        "24 | 02180000fe02fd0100000000 08000f00fe000000 080001000a000000 080007000a000001 0800040004000000 | Irrelevant[]",
        // Through a gateway of IPv6 (RTA_VIA); of table 100; unreachable; gone.
        "24 | 02000000fe03000100000000 08000f00fe000000 160012000a00fd0000000000000000000000000002540000 0800040004000000 | DefaultRouteSeen[nextHops=[]]",
        "24 | 020000006403000100000000 08000f0064000000 080005000a0000fc 0800040004000000 | Irrelevant[]",
        "24 | 02000000fe03000700000000 08000f00fe000000 080006004d000000 | Irrelevant[]",
        "25 | 02000000fe03000100000000 08000f00fe000000 080005000a0000fe 0800040004000000 | DefaultRoutesChanged[]",
        // A next hop object is gone, of which IPv4 routes tell nothing.
        "105 | 0200000000000000 0800010001000000 | DefaultRoutesChanged[]",
        // IPv6 routes: two next hops, link-local, a cached copy (RTM_F_CLONED).
        "24 | 0a000000fe03000100000000 08000f00fe000000 0800060008000000 3c000900 1c0000000400000014000500fd000000000000000000000000000253 1c0000000400000014000500fd000000000000000000000000000252 | DefaultRouteSeen[nextHops=[NextHop[gateway=/fd00:0:0:0:0:0:0:253, link=4, metric=8], NextHop[gateway=/fd00:0:0:0:0:0:0:252, link=4, metric=8]]]",
        "24 | 0a000000fe03000100000000 08000f00fe000000 0800060001000000 14000500fe800000000000000000000000000001 0800040004000000 | DefaultRouteSeen[nextHops=[NextHop[gateway=/fe80:0:0:0:0:0:0:1, link=4, metric=1]]]",
        "24 | 0a000000fe03000100020000 08000f00fe000000 0800060001000000 14000500fd000000000000000000000000000001 0800040004000000 | Irrelevant[]",
        "2 | 00000000 | Irrelevant[]",
      })
  void recordedMessagesAreRead(int type, String octets, String meaning) throws MalformedMessage {
    byte[] body = HexFormat.of().parseHex(octets.replace(" ", ""));
    assertThat(KernelMessages.read(frame(type, body, ByteOrder.LITTLE_ENDIAN)))
        .hasToString(meaning);
    everyDamagedFormIsReadOrRefused(type, body);
  }

  private static void everyDamagedFormIsReadOrRefused(int type, byte[] body) {
    for (int length = 0; length < body.length; length++) {
      answers(type, Arrays.copyOf(body, length));
    }
    for (int at = 0; at < body.length; at++) {
      for (int damage : new int[] {0x00, 0x01, 0x03, 0x7f, 0x80, 0xff}) {
        byte[] damaged = body.clone();
        damaged[at] = (byte) damage;
        answers(type, damaged);
      }
    }
  }

  private static void answers(int type, byte[] body) {
    try {
      assertThat(KernelMessages.read(frame(type, body, ByteOrder.LITTLE_ENDIAN))).isNotNull();
    } catch (MalformedMessage e) {
      assertThat(e).hasNoCause();
    }
  }

  enum Order {
    LITTLE(ByteOrder.LITTLE_ENDIAN),
    BIG(ByteOrder.BIG_ENDIAN);

    private final ByteOrder order;

    Order(ByteOrder order) {
      this.order = order;
    }
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void eitherByteOrderOfTheHostIsRead(Order host) throws MalformedMessage {
    ByteBuffer out = ByteBuffer.allocate(200).order(host.order);
    out.put((byte) 2).put((byte) 0).put((byte) 0).put((byte) 0);
    out.put((byte) 254).put((byte) 3).put((byte) 0).put((byte) 1).putInt(0);
    out.putShort((short) 8).putShort((short) Rtnetlink.RTA_PRIORITY).putInt(0xb2d05e00);
    out.putShort((short) 8).putShort((short) Rtnetlink.RTA_OIF).putInt(258);
    out.putShort((short) 8).putShort((short) Rtnetlink.RTA_GATEWAY);
    out.put(new byte[] {10, 0, 0, 1});
    byte[] body = new byte[out.flip().remaining()];
    out.get(body);
    assertThat(KernelMessages.read(frame(Rtnetlink.RTM_NEWROUTE, body, host.order)))
        .hasToString(
            "DefaultRouteSeen[nextHops=[NextHop[gateway=/10.0.0.1, link=258, metric=3000000000]]]");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> read(16, "00000403010000004900010000000000"))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("link 1 has no name");
    assertThatThrownBy(() -> read(20, "0218800004000000"))
        .hasMessage("an address of link 4 is empty");
    assertThatThrownBy(() -> read(20, "0218800004000000 08000100 0a0000"))
        .hasMessage("attribute 1 has length 8");
    assertThatThrownBy(() -> read(20, "0218800004000000 06000100 0a000000"))
        .hasMessage("an address has octets: 2");
    assertThatThrownBy(() -> read(24, "02000000fe0300"))
        .hasMessage("a message ends after octets: 7");
  }

  @Test
  void aDatagramIsCutIntoItsMessages() {
    ByteBuffer datagram = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    datagram.putInt(17).putShort((short) 16).putShort((short) 0x12).putInt(7).putInt(99);
    datagram.put((byte) 0x55).put(new byte[3]);
    datagram.putInt(16).putShort((short) 3).putShort((short) 2).putInt(7).putInt(99);
    datagram.putInt(4000).putShort((short) 3).putShort((short) 2).putInt(7).putInt(99).flip();
    List<Frame> frames = Frame.of(datagram);
    assertThat(frames).extracting(Frame::type).containsExactly(16, 3);
    assertThat(frames).extracting(Frame::sequence).containsExactly(7, 7);
    assertThat(frames).extracting(Frame::port).containsExactly(99, 99);
    assertThat(frames).extracting(Frame::interrupted).containsExactly(true, false);
    assertThat(frames.getFirst().body().remaining()).isEqualTo(1);
    assertThat(Frame.of(ByteBuffer.allocate(40))).isEmpty();
  }

  private static KernelMessage read(int type, String octets) throws MalformedMessage {
    return KernelMessages.read(
        frame(type, HexFormat.of().parseHex(octets.replace(" ", "")), ByteOrder.LITTLE_ENDIAN));
  }

  private static Frame frame(int type, byte[] body, ByteOrder order) {
    return new Frame(type, 0, 0, 0, ByteBuffer.wrap(body).order(order));
  }
}
