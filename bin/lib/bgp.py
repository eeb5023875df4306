"""BGP messages in the bytes of a TCP connection, as far as the benchmarks want to know them. Nothing here does I/O."""

import dataclasses
import ipaddress
import struct

OPEN, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH = range(1, 6)
MARKER = b"\xff" * 16
HEADER = 19  # octets: marker, length, type
LOST = 4096  # segments that wait for an earlier one before that one counts as lost


def message(kind, body=b""):
    """A whole message (RFC 4271 §4.1)."""
    return MARKER + struct.pack("!HB", HEADER + len(body), kind) + body


def opening(asn, hold, router_id, *capabilities):
    """An OPEN; each capability is (code, value) and gets a parameter of its own (RFC 5492 §4)."""
    options = b"".join(bytes((2, 2 + len(value), code, len(value))) + value for code, value in capabilities)
    return message(OPEN, struct.pack("!BHH4sB", 4, min(asn, 23456) if asn > 65535 else asn, hold,
                                     ipaddress.IPv4Address(router_id).packed, len(options)) + options)


class Messages:
    """Cuts a stream into messages; one that does not begin with a message is read from the next marker on."""

    def __init__(self):
        self.rest = bytearray()

    def feed(self, data):
        """The messages that these octets complete: (type, body)."""
        self.rest += data
        at = 0
        while len(self.rest) - at >= HEADER:
            length, kind = struct.unpack_from("!HB", self.rest, at + 16)
            if self.rest[at:at + 16] != MARKER or length < HEADER:
                found = self.rest.find(MARKER, at + 1)
                at = found if found >= 0 else len(self.rest) - 15
                continue
            if len(self.rest) - at < length:
                break
            yield kind, bytes(self.rest[at + HEADER:at + length])
            at += length
        del self.rest[:at]


class Direction:
    """What one end of a TCP connection says, out of segments that may come twice, late or not at all."""

    def __init__(self):
        self.begin(None)

    def begin(self, sequence):
        self.next, self.early, self.messages = sequence, {}, Messages()

    def segment(self, sequence, data, syn=False):
        """The messages that this segment completes: (type, body)."""
        if syn:
            self.begin((sequence + 1) & 0xFFFFFFFF)
            return
        if self.next is None:
            self.next = sequence
        if data:
            self.early[sequence] = max(data, self.early.get(sequence, b""), key=len)
        if len(self.early) > LOST:
            first = min(self.early, key=lambda start: (start - self.next) & 0xFFFFFFFF)
            self.next, self.messages = first, Messages()
        progress = True
        while progress:
            progress = False
            for start in list(self.early):
                behind = (self.next - start) & 0xFFFFFFFF
                if behind < 0x80000000:
                    fresh = self.early.pop(start)[behind:]
                    if fresh:
                        self.next = (self.next + len(fresh)) & 0xFFFFFFFF
                        progress = True
                        yield from self.messages.feed(fresh)


@dataclasses.dataclass(frozen=True)
class Update:
    """An UPDATE's IPv4 unicast prefixes, such as 10.0.0.0/8 (RFC 4271 §4.3)."""

    withdrawn: list
    announced: list
    attributes: bytes


def update(body):
    """Reads an UPDATE's body; ValueError when it is cut or its lengths contradict each other."""
    try:
        withdrawn = struct.unpack_from("!H", body)[0]
        attributes = struct.unpack_from("!H", body, 2 + withdrawn)[0]
    except struct.error:
        raise ValueError(f"an UPDATE of {len(body)} octets is cut") from None
    end = 4 + withdrawn + attributes
    if end > len(body):
        raise ValueError(f"the lengths of an UPDATE point {end - len(body)} octets behind its end")
    return Update(prefixes(body[2:2 + withdrawn]), prefixes(body[end:]), body[4 + withdrawn:end])


def prefixes(nlri):
    """IPv4 prefixes as RFC 4271 §4.3 encodes them; bits behind the prefix length are cleared."""
    found, at = [], 0
    while at < len(nlri):
        octets = (nlri[at] + 7) // 8
        if nlri[at] > 32 or at + 1 + octets > len(nlri):
            raise ValueError(f"a prefix of {nlri[at]} bits in {len(nlri) - at - 1} octets")
        address = nlri[at + 1:at + 1 + octets].ljust(4, b"\0")
        found.append(str(ipaddress.IPv4Network((address, nlri[at]), strict=False)))
        at += 1 + octets
    return found


def end_of_rib(body):
    """Whether an UPDATE's body is an End-of-RIB (RFC 4724 §2): empty, or an empty MP_UNREACH_NLRI alone."""
    if body == b"\0\0\0\0":
        return True
    attribute = body[4:]
    if body[:4] != b"\0\0" + struct.pack("!H", len(attribute)):
        return False
    return attribute[:-3] in (b"\x80\x0f\3", b"\x90\x0f\0\3")
