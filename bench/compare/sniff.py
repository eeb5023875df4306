#!/usr/bin/env python3
"""Counts BGP messages on an interface: sniff.py INTERFACE, until standard input ends, then prints JSON.

Per direction of a connection: messages by type, bytes, when the first and the last UPDATE, the first KEEPALIVE and
the End-of-RIB passed (seconds since the epoch, from the kernel), and the longest time without any message.
"""

import json
import select
import socket
import struct
import sys

TYPES = {1: "opens", 2: "updates", 3: "notifications", 4: "keepalives", 5: "refreshes"}
SO_TIMESTAMPNS = 35


class Direction:
    def __init__(self):
        self.next = None
        self.early = {}
        self.bytes = bytearray()
        self.seen = {"bytes": 0, "first_update": None, "last_update": None, "keepalive": None, "end_of_rib": None,
                     "longest_gap": 0.0, "updates": 0, "last": None}

    def segment(self, sequence, data, syn, when):
        if syn:
            self.__init__()
            self.next = (sequence + 1) & 0xFFFFFFFF
            return
        if self.next is None:
            self.next = sequence
        if data:
            self.early[sequence] = data
        progress = True
        while progress:
            progress = False
            for start in list(self.early):
                behind = (self.next - start) & 0xFFFFFFFF
                if behind < 0x80000000:
                    fresh = self.early.pop(start)[behind:]
                    if fresh:
                        self.bytes += fresh
                        self.next = (self.next + len(fresh)) & 0xFFFFFFFF
                        progress = True
        self.messages(when)

    def messages(self, when):
        at = 0
        while len(self.bytes) - at >= 19:
            length, kind = struct.unpack_from("!HB", self.bytes, at + 16)
            if length < 19 or len(self.bytes) - at < length:
                break
            self.message(kind, length, self.bytes[at + 19:at + min(length, 64)], when)
            at += length
        del self.bytes[:at]

    def message(self, kind, length, body, when):
        seen = self.seen
        name = TYPES.get(kind, "others")
        seen[name] = seen.get(name, 0) + 1
        seen["bytes"] += length
        if seen["last"] is not None:
            seen["longest_gap"] = max(seen["longest_gap"], when - seen["last"])
        seen["last"] = when
        if kind == 4 and seen["keepalive"] is None:
            seen["keepalive"] = when
        if kind == 2:
            if length == 23 or (length < 32 and body[:2] == b"\0\0" and body[4:6] in (b"\x80\x0f", b"\x90\x0f")):
                seen["end_of_rib"] = seen["end_of_rib"] or when
                seen["updates"] -= 1
                return
            seen["first_update"] = seen["first_update"] or when
            seen["last_update"] = when


def main():
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    tap.setsockopt(socket.SOL_SOCKET, 33, 256 << 20)  # SO_RCVBUFFORCE
    tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    tap.bind((sys.argv[1], 0))
    print("ready", flush=True)
    flows = {}
    reads = [tap, sys.stdin]
    while True:
        ready, _, _ = select.select(reads, [], [])
        if tap in ready:
            packet, extra, _, source = tap.recvmsg(1 << 17, 64)
            if source[2] == socket.PACKET_OUTGOING and False:
                continue
            if len(packet) < 54 or packet[12:14] != b"\x08\x00" or packet[23] != 6:
                continue
            ip = 14 + (packet[14] & 15) * 4
            total = struct.unpack_from("!H", packet, 16)[0] or len(packet) - 14
            one, other, sequence = struct.unpack_from("!HHI", packet, ip)
            if 179 not in (one, other) and 1790 not in (one, other):
                continue
            data = packet[ip + (packet[ip + 12] >> 4) * 4:14 + total]
            seconds, nanos = struct.unpack("qq", extra[0][2][:16])
            key = (socket.inet_ntoa(packet[26:30]), one, socket.inet_ntoa(packet[30:34]), other)
            flows.setdefault(key, Direction()).segment(sequence, data, packet[ip + 13] & 2, seconds + nanos / 1e9)
        elif sys.stdin in ready:
            break
    print(json.dumps([{"from": key[0], "to": key[2], **flow.seen} for key, flow in flows.items()]))


main()
