"""What the captures make of TCP segments and BGP messages."""

import itertools
import struct
import unittest

import bgp
import capture


def body(withdrawn=b"", attributes=b"", announced=b""):
    return struct.pack("!H", len(withdrawn)) + withdrawn + struct.pack("!H", len(attributes)) + attributes + announced


ONE = bgp.message(bgp.UPDATE, body(announced=b"\x18\x0a\1\2\x20\xac\x10\1\1\0"))
TWO = bgp.message(bgp.UPDATE, body(withdrawn=b"\x08\x0a"))
KEEPALIVE = bgp.message(bgp.KEEPALIVE)


def heard(*segments):
    direction = bgp.Direction()
    return [kind for segment in segments for kind, _ in direction.segment(*segment)]


class MessagesTest(unittest.TestCase):
    def test_cut_anywhere(self):
        stream = ONE + KEEPALIVE + TWO
        for at in range(len(stream) + 1):
            messages = bgp.Messages()
            kinds = [kind for part in (stream[:at], stream[at:]) for kind, _ in messages.feed(part)]
            self.assertEqual(kinds, [bgp.UPDATE, bgp.KEEPALIVE, bgp.UPDATE], at)

    def test_a_capture_that_begins_in_the_middle_reads_from_the_next_marker_on(self):
        for at in range(1, len(ONE)):
            messages = bgp.Messages()
            self.assertEqual([kind for kind, _ in messages.feed(ONE[at:] + KEEPALIVE)], [bgp.KEEPALIVE], at)

    def test_octet_by_octet_from_the_middle(self):
        messages = bgp.Messages()
        found = [kind for octet in ONE[7:] + TWO for kind, _ in messages.feed(bytes((octet,)))]
        self.assertEqual(found, [bgp.UPDATE])

    def test_opening(self):
        (kind, text), = bgp.Messages().feed(bgp.opening(4200000000, 90, "10.0.0.1", (65, struct.pack("!I", 4200000000))))
        self.assertEqual(kind, bgp.OPEN)
        self.assertEqual(text[:10].hex(), "045ba0005a0a00000108")
        self.assertEqual(text[10:].hex(), "02064104fa56ea00")


class DirectionTest(unittest.TestCase):
    def test_segments_in_any_order_and_twice(self):
        stream = ONE + KEEPALIVE + TWO
        parts = [(1000 + at, stream[at:at + 20]) for at in range(0, len(stream), 20)]
        for order in itertools.permutations(parts):
            self.assertEqual(heard((999, b"", True), *order, *order), [bgp.UPDATE, bgp.KEEPALIVE, bgp.UPDATE])

    def test_a_segment_that_overlaps_what_was_heard(self):
        self.assertEqual(heard((999, b"", True), (1000, ONE[:30]), (1010, (ONE + TWO)[10:])), [bgp.UPDATE, bgp.UPDATE])

    def test_a_longer_copy_of_a_segment_that_waits(self):
        stream = ONE + TWO
        self.assertEqual(heard((999, b"", True), (1010, stream[10:20]), (1010, stream[10:]), (1000, stream[:10])),
                         [bgp.UPDATE, bgp.UPDATE])

    def test_sequence_numbers_begin_again_at_zero(self):
        stream = ONE + TWO
        first = 0xFFFFFFFF - 15
        self.assertEqual(heard((first - 1, b"", True), (first, stream[:16]), (0, stream[16:])), [bgp.UPDATE, bgp.UPDATE])

    def test_a_new_connection_on_the_same_ports(self):
        self.assertEqual(heard((999, b"", True), (1000, ONE[:30]), (5, b"", True), (6, TWO)), [bgp.UPDATE])

    def test_what_the_capture_lost_costs_only_the_messages_it_was_in(self):
        later = [(1000 + len(ONE) + 7 + number * 19, KEEPALIVE) for number in range(bgp.LOST + 1)]
        self.assertEqual(len(heard((999, b"", True), (1000, ONE), *later)), 1 + bgp.LOST + 1)


class UpdateTest(unittest.TestCase):
    def test_both_kinds_of_prefixes(self):
        read = bgp.update(body(b"\x00\x08\x0a", b"\x40\1\1\0", b"\x18\xc0\0\2\x20\xac\x10\1\1\x19\x0a\0\0\xff"))
        self.assertEqual(read.withdrawn, ["0.0.0.0/0", "10.0.0.0/8"])
        self.assertEqual(read.announced, ["192.0.2.0/24", "172.16.1.1/32", "10.0.0.128/25"])
        self.assertEqual(read.attributes, b"\x40\1\1\0")

    def test_what_is_cut_or_contradicts_itself(self):
        whole = body(b"\x08\x0a", b"\x40\1\1\0")
        for broken in [whole[:at] for at in range(len(whole))] + [body(b"\x08"), body(b"\x21\1\2\3\4\5"), whole + b"\x20\1"]:
            with self.assertRaises(ValueError, msg=broken.hex()):
                bgp.update(broken)

    def test_end_of_rib(self):
        self.assertTrue(bgp.end_of_rib(body()))
        self.assertTrue(bgp.end_of_rib(body(attributes=b"\x80\x0f\3\0\2\1")))
        self.assertTrue(bgp.end_of_rib(body(attributes=b"\x90\x0f\0\3\0\2\1")))
        for other in (body(b"\x08\x0a"), body(announced=b"\x08\x0a"), body(attributes=b"\x80\x0f\5\0\2\1\x08\x20"),
                      body(attributes=b"\x80\x0f\3\0\2\1", announced=b"\x08\x0a"), body(attributes=b"\x40\1\1\0")):
            self.assertFalse(bgp.end_of_rib(other), other.hex())


class SegmentTest(unittest.TestCase):
    @staticmethod
    def frame(data, options=b"", flags=0x18, protocol=6, padding=b"", total=None):
        length = 40 + len(options) + len(data) if total is None else total
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, 1, 0, 64, protocol, 0, b"\x0a\0\0\1", b"\x0a\0\0\2")
        tcp = struct.pack("!HHIIBBHHH", 179, 40000, 7, 0, (20 + len(options)) << 2, flags, 0, 0, 0) + options
        return b"\0" * 12 + b"\x08\0" + ip + tcp + data + padding

    def test_ends_and_data(self):
        found = capture.segment(self.frame(b"hello", options=b"\1" * 12), 1.5, "eth0", True)
        self.assertEqual((found.source, found.target), (("10.0.0.1", 179), ("10.0.0.2", 40000)))
        self.assertEqual((found.sequence, found.syn, found.data), (7, False, b"hello"))
        self.assertEqual((found.when, found.interface, found.outgoing), (1.5, "eth0", True))

    def test_ethernet_padding_is_no_data(self):
        self.assertEqual(capture.segment(self.frame(b"", padding=b"\0" * 6)).data, b"")

    def test_a_length_of_zero_is_a_segment_that_the_card_would_cut(self):
        self.assertEqual(capture.segment(self.frame(b"x" * 70000, total=0)).data, b"x" * 70000)

    def test_a_connection_begins(self):
        self.assertTrue(capture.segment(self.frame(b"", flags=2)).syn)

    def test_other_frames(self):
        self.assertIsNone(capture.segment(self.frame(b"hello", protocol=17)))
        self.assertIsNone(capture.segment(b"\0" * 12 + b"\x86\xdd" + b"\0" * 60))
        self.assertIsNone(capture.segment(b"\0" * 20))


if __name__ == "__main__":
    unittest.main()
