#!/usr/bin/env python3
"""Peers that say OPEN and KEEPALIVE and throw away what they hear: sink.py PORT ASN HOLD ADDRESS...

Prints a line with the number of sessions that have got an End-of-RIB whenever it changes. Messages of 64 KiB are
accepted. It costs little, so that what is measured is the sender.
"""

import selectors
import socket
import struct
import sys
import time

PORT, ASN, HOLD = map(int, sys.argv[1:4])
MARKER = b"\xff" * 16
KEEPALIVE = MARKER + b"\0\x13\4"


def capability(code, value=b""):
    return bytes((2, 2 + len(value), code, len(value))) + value


def opening(address):
    options = (capability(1, b"\0\1\0\1") + capability(65, struct.pack("!I", ASN)) + capability(6)
               + capability(64, b"\0\x78\0\1\1\0"))
    body = struct.pack("!BHH4sB", 4, ASN, HOLD, socket.inet_aton(address), len(options)) + options
    return MARKER + struct.pack("!HB", 19 + len(body), 1) + body


class Session:
    def __init__(self, sock, address):
        self.sock, self.address = sock, address
        self.head, self.skip, self.kind, self.length = bytearray(), 0, 0, 0
        self.done = False

    def read(self):
        data = self.sock.recv(1 << 20)
        if not data:
            return False
        at = 0
        while at < len(data):
            if self.skip:
                step = min(self.skip, len(data) - at)
                self.skip -= step
                at += step
                continue
            step = min(19 - len(self.head), len(data) - at)
            self.head += data[at:at + step]
            at += step
            if len(self.head) == 19:
                self.length, self.kind = struct.unpack_from("!HB", self.head, 16)
                self.skip = self.length - 19
                self.head.clear()
                if self.kind == 1:
                    self.sock.sendall(opening(self.address) + KEEPALIVE)
                if self.kind == 2 and self.length == 23:
                    self.done = True
        return True


def main():
    selector = selectors.DefaultSelector()
    for address in sys.argv[4:]:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((address, PORT))
        server.listen()
        selector.register(server, selectors.EVENT_READ, address)
    sessions, last, told = set(), time.monotonic(), -1
    beat = max(1, HOLD // 3) if HOLD else 3600
    while True:
        for key, _ in selector.select(0.2):
            if isinstance(key.data, str):
                sock, _ = key.fileobj.accept()
                session = Session(sock, key.data)
                sessions.add(session)
                selector.register(sock, selectors.EVENT_READ, session)
            elif not key.data.read():
                selector.unregister(key.fileobj)
                sessions.discard(key.data)
                print("lost", key.data.address, flush=True)
        if time.monotonic() - last >= beat:
            last = time.monotonic()
            for session in sessions:
                session.sock.sendall(KEEPALIVE)
        done = sum(session.done for session in sessions)
        if done != told:
            told = done
            print("done", done, flush=True)


main()
