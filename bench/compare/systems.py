"""FRR, BIRD, GoBGP and Peerage, each as the one that sends routes or the one that receives them.

AS 65000 at ROUTER receives, AS 65001 at SPEAKER sends. Receivers wait for the connection; senders dial.
"""

import glob
import ipaddress
import json
import os
import re
import struct

from ground import ROUTER, SPEAKER
from process import ROOT, built, wait

BASE = int(ipaddress.ip_address("20.0.0.0"))


def prefixes(count):
    return (str(ipaddress.ip_address(BASE + i)) for i in range(count))


def gobgp(program):
    """One of GoBGP's: in the folder $GOBGP, or what `interop/install` has built."""
    folder = os.environ.get("GOBGP")
    return os.path.join(folder, program) if folder else built("GOBGP_BIN", program)


class Receiver:
    side = "router"

    def __init__(self, ground):
        self.ground = ground

    def established(self):
        raise NotImplementedError

    def count(self):
        raise NotImplementedError


class FrrReceiver(Receiver):
    title = "FRR"

    def start(self):
        g = self.ground
        self.folder = os.path.join(g.folder, f"frr{len(g.programs)}")
        os.mkdir(self.folder)
        config = g.file(os.path.basename(self.folder) + "/bgpd.conf", f"""frr defaults traditional
router bgp 65000
 bgp router-id {ROUTER}
 no bgp ebgp-requires-policy
 neighbor {SPEAKER} remote-as 65001
 neighbor {SPEAKER} passive
 neighbor {SPEAKER} timers connect 1
""")
        g.file(os.path.basename(self.folder) + "/vtysh.conf", "")
        for name in [self.folder, *glob.glob(self.folder + "/*")]:
            if os.getuid() == 0:
                os.system(f"chown frr:frr {name}")
        self.program = g.start(
            self.side, "/usr/lib/frr/bgpd", "--no_zebra", "--config_file", config, "--pid_file", self.folder + "/pid",
            "--vty_socket", self.folder, "--vty_port", "0", "--listenon", ROUTER)
        wait("FRR", lambda: os.path.exists(self.folder + "/bgpd.vty"))
        return self

    def vtysh(self, command):
        return self.ground.ask(self.side, "vtysh", "--vty_socket", self.folder, "--config_dir", self.folder, "-d", "bgpd",
                               "-c", command)

    def peer(self):
        try:
            return json.loads(self.vtysh("show bgp ipv4 unicast summary json"))["peers"][SPEAKER]
        except (ValueError, KeyError):
            return {}

    def established(self):
        return self.peer().get("state") == "Established"

    def count(self):
        return self.peer().get("pfxRcd", 0)


class Bird:
    """Shared by both roles."""

    def birdc(self, command):
        return self.ground.ask(self.side, "birdc", "-s", self.socket, command)

    def run(self, text):
        g = self.ground
        name = f"bird{len(g.programs)}"
        self.socket = os.path.join(g.folder, name + ".ctl")
        config = g.file(name + ".conf", text)
        self.program = g.start(self.side, "bird", "-f", "-c", config, "-s", self.socket)
        wait("BIRD", lambda: "Daemon is up" in self.birdc("show status"))
        return self

    def established(self):
        return "Established" in self.birdc("show protocols peer")


class BirdReceiver(Bird, Receiver):
    title = "BIRD"

    def start(self):
        return self.run(f"""router id {ROUTER};
protocol device {{ }}
protocol bgp peer {{
  local {ROUTER} as 65000; neighbor {SPEAKER} as 65001; passive; enable extended messages;
  error wait time 1, 2; ipv4 {{ import all; export none; }};
}}
""")

    def count(self):
        found = re.search(r"(\d+) of (\d+) routes for", self.birdc("show route count"))
        return int(found.group(2)) if found else 0


class GoBgp:
    def gobgp(self, *command, check=False):
        return self.ground.ask(self.side, gobgp("gobgp"), *command, check=check)

    def run(self, asn, address, peer, peer_asn, passive, neighbor=True):
        g = self.ground
        text = f'[global.config]\nas = {asn}\nrouter-id = "{address}"\nport = {179 if passive else -1}\n'
        self.neighbor = f"""[[neighbors]]
[neighbors.config]
neighbor-address = "{peer}"
peer-as = {peer_asn}
[neighbors.transport.config]
local-address = "{address}"
passive-mode = {str(passive).lower()}
[neighbors.timers.config]
connect-retry = 1
idle-hold-time-after-reset = 1
[neighbors.graceful-restart.config]
enabled = true
restart-time = 120
[[neighbors.afi-safis]]
[neighbors.afi-safis.config]
afi-safi-name = "ipv4-unicast"
[neighbors.afi-safis.mp-graceful-restart.config]
enabled = true
"""
        self.config = g.file(f"gobgp{len(g.programs)}.toml", text + (self.neighbor if neighbor else ""))
        self.program = g.start(self.side, gobgp("gobgpd"), "-f", self.config, "--pprof-disable")
        wait("GoBGP", lambda: "AS:" in self.gobgp("global"))
        return self

    def established(self):
        return "Establ" in self.gobgp("neighbor")

    def count(self):
        found = re.search(r"Destination: (\d+)", self.gobgp("global", "rib", "summary"))
        return int(found.group(1)) if found else 0


class GoBgpReceiver(GoBgp, Receiver):
    title = "GoBGP"

    def start(self):
        return self.run(65000, ROUTER, SPEAKER, 65001, True)


class GoBgpSender(GoBgp):
    title, side = "GoBGP", "speaker"

    def __init__(self, ground):
        self.ground = ground

    def start(self, neighbor=True):
        return self.run(65001, SPEAKER, ROUTER, 65000, False, neighbor)

    def prepare(self, count):
        self.mrt = os.path.join(self.ground.folder, "routes.mrt")
        attributes = (b"\x40\1\1\0" + b"\x40\2\6\2\1" + struct.pack("!I", 65001)
                      + b"\x40\3\4" + ipaddress.ip_address(SPEAKER).packed)
        with open(self.mrt, "wb") as out:
            peer = b"\2" + ipaddress.ip_address(SPEAKER).packed * 2 + struct.pack("!I", 65001)
            index = ipaddress.ip_address(SPEAKER).packed + struct.pack("!HH", 0, 1) + peer
            out.write(struct.pack("!IHHI", 1, 13, 1, len(index)) + index)
            for number in range(count):
                body = (struct.pack("!IBIHHIH", number, 32, BASE + number, 1, 0, 1, len(attributes)) + attributes)
                out.write(struct.pack("!IHHI", 1, 13, 2, len(body)) + body)

    def announce(self):
        self.gobgp("mrt", "inject", "global", self.mrt, "--nexthop", SPEAKER, check=True)

    def withdraw(self):
        self.gobgp("global", "rib", "del", "all", "-a", "ipv4")


class BirdSender(Bird):
    title, side = "BIRD", "speaker"

    def __init__(self, ground):
        self.ground = ground

    def start(self, count, per_set=0, disabled=True):
        """per_set: how many routes share their attributes; 0 = all."""
        lines = []
        for number, prefix in enumerate(prefixes(count)):
            color = number // per_set if per_set else 0
            more = f" {{ bgp_community.add(({64512 + color // 60000}, {color % 60000})); }}" if per_set else ""
            lines.append(f"  route {prefix}/32 blackhole{more};\n")
        return self.run(f"""router id {SPEAKER};
protocol device {{ }}
protocol static many {{ {'disabled;' if disabled else ''} ipv4;
{''.join(lines)}}}
protocol bgp peer {{
  {'disabled;' if not disabled else ''}
  local {SPEAKER} as 65001; neighbor {ROUTER} as 65000; enable extended messages;
  connect delay time 1; connect retry time 1; error wait time 1, 2;
  ipv4 {{ import none; export where source = RTS_STATIC; next hop self; }};
}}
""")

    def announce(self):
        self.birdc("enable many")

    def withdraw(self):
        self.birdc("disable many")

    def connect(self):
        self.birdc("enable peer")

    def disconnect(self):
        self.birdc("disable peer")


class Peerage:
    title = "Peerage"

    def __init__(self, ground, side="speaker"):
        self.ground, self.side = ground, side
        self.peers = [(f"{{name: r, peerAddress: {ROUTER}, peerASN: 65000, localAddress: {SPEAKER}, "
                       "timers: {connectRetryTimeSeconds: 1}, gracefulRestart: {enabled: true}}")]

    def file(self, routes=""):
        own = SPEAKER if self.side == "speaker" else ROUTER
        listen = "" if self.side == "speaker" else f"\n  listenAddress: {own}\n  listenPort: 179"
        peers = "".join(f"\n  - {peer}" for peer in self.peers)
        return self.ground.file("speaker.yaml", f"""instances:
- name: main
  localASN: {65001 if self.side == 'speaker' else 65000}
  routerID: {own}{listen}
  peers:{peers}
  routes:{routes}
""")

    def start(self, routes="", java=None):
        program = os.environ.get("PEERAGE") or str(ROOT / "bin" / "peerage")
        if java is not None:
            os.environ["PEERAGE_JAVA_OPTS"] = java
        self.program = self.ground.start(self.side, program, "speaker", "-f", self.file(routes), "--http", "127.0.0.1:1800")
        wait("Peerage", lambda: self.ground.ask(self.side, "curl", "-s", "http://127.0.0.1:1800/state"), 60)
        return self

    def state(self):
        try:
            return json.loads(self.ground.ask(self.side, "curl", "-s", "http://127.0.0.1:1800/state"))["instances"][0]["peers"]
        except (ValueError, IndexError):
            return []

    def established(self):
        return all(peer["state"] == "established" for peer in self.state())

    def count(self):
        return sum(peer["families"][0]["received"] for peer in self.state())

    def prepare(self, count):
        self.routes = f"\n  - prefixes: {{base: 20.0.0.0/32, count: {count}}}"

    def announce(self):
        self.file(self.routes)

    def withdraw(self):
        self.file()


class PeerageReceiver(Peerage):
    def __init__(self, ground, policy):
        super().__init__(ground, "router")
        self.title = f"Peerage, {policy}"
        self.peers = [f"{{name: s, peerAddress: {SPEAKER}, peerASN: 65001, passive: true, importPolicy: {policy}}}"]
