"""TCP segments as they pass an interface, with the kernel's time of each. Needs root."""

import dataclasses
import socket
import struct

SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
ETH_P_IP, ETH_P_ALL = 0x0800, 3
BUFFER = 256 << 20  # octets, so that a full table's burst waits for us


@dataclasses.dataclass(frozen=True)
class Segment:
    when: float  # seconds since the epoch
    interface: str
    outgoing: bool
    source: tuple  # address, port
    target: tuple
    sequence: int
    syn: bool
    data: bytes


def segment(frame, when=0.0, interface="", outgoing=False):
    """The TCP segment in an Ethernet frame, or None when it holds none over IPv4."""
    if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != socket.IPPROTO_TCP:
        return None
    tcp = 14 + (frame[14] & 15) * 4
    end = 14 + (struct.unpack_from("!H", frame, 16)[0] or len(frame) - 14)  # 0: cut into packets by the card
    one, other, sequence = struct.unpack_from("!HHI", frame, tcp)
    return Segment(when, interface, outgoing, (socket.inet_ntoa(frame[26:30]), one), (socket.inet_ntoa(frame[30:34]), other),
                   sequence, bool(frame[tcp + 13] & 2), frame[tcp + (frame[tcp + 12] >> 4) * 4:end])


class Tap:
    """Hears an interface of this network namespace, or all of them; without `outgoing` only what comes in."""

    def __init__(self, interface=None, outgoing=True):
        protocol = ETH_P_ALL if outgoing else ETH_P_IP
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        if interface:
            self.socket.bind((interface, 0))

    def fileno(self):
        return self.socket.fileno()

    def read(self):
        """The next frame's segment; None when the frame holds none."""
        frame, extra, _, source = self.socket.recvmsg(1 << 17, 64)
        seconds, nanos = struct.unpack("qq", extra[0][2][:16])
        return segment(frame, seconds + nanos / 1e9, source[0], source[2] == socket.PACKET_OUTGOING)
