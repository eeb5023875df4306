"""Processes: what they cost, what they listen at, and waiting for what they do."""

import os
import pathlib
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid):
    """Seconds of CPU so far: (user, system)."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return int(fields[11]) / TICKS, int(fields[12]) / TICKS


def status(pid):
    """The kernel's words on a process, such as VmRSS in MiB and Threads; numbers only."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    fields = {name: text.split() for name, _, text in (line.partition(":") for line in lines)}
    return {name: int(words[0]) / (1024 if words[-1] == "kB" else 1) for name, words in fields.items()
            if words and words[0].isdecimal()}


def rss(pid):
    """Resident memory in MiB; 0 of a process that has ended."""
    return status(pid).get("VmRSS", 0.0)


def free_ports(count):
    """TCP ports of 127.0.0.1 at which nothing listens."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait(what, condition, limit=180.0, every=0.05):
    """Waits until the condition holds and returns it; says after what time it gave up."""
    end = time.monotonic() + limit
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {limit:.0f} s")
        time.sleep(every)


def built(variable, program):
    """A program that `cluster/cluster build` or `interop/install` has built; variable: its folder in cluster/lib/versions.sh."""
    script = f'source "$0" && echo "${variable}"'
    folder = subprocess.check_output(["bash", "-c", script, ROOT / "cluster" / "lib" / "versions.sh"], text=True).strip()
    path = os.path.join(folder, program)
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is missing; build it with: "
                         + ("interop/install" if variable == "GOBGP_BIN" else "cluster/cluster build"))
    return path


def java():
    """The folder of the JDK's programs."""
    return subprocess.check_output([ROOT / "bin" / "find-jdk"], text=True).strip() + "/bin"
