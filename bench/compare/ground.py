"""Two network namespaces joined by a cable, the processes in them, and what those cost."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import process

ROUTER = "10.98.0.1"
SPEAKER = "10.98.0.2"


def sh(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, text=True).stdout


class Ground:
    """The namespaces NAME-router and NAME-speaker; gone when the process ends, however it does."""

    def __init__(self):
        self.name = f"pbench-{os.getpid()}"
        self.folder = tempfile.mkdtemp(prefix=self.name + "-")
        os.chmod(self.folder, 0o755)
        self.programs = []
        atexit.register(self.remove)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))
        for side in ("router", "speaker"):
            sh("ip", "netns", "add", f"{self.name}-{side}")
            sh("ip", "-n", f"{self.name}-{side}", "link", "set", "lo", "up")
        sh("ip", "link", "add", "eth0", "netns", f"{self.name}-router", "type", "veth", "peer", "name", "eth0",
           "netns", f"{self.name}-speaker")
        for side, address in (("router", ROUTER), ("speaker", SPEAKER)):
            sh("ip", "-n", f"{self.name}-{side}", "address", "add", address + "/16", "dev", "eth0")
            sh("ip", "-n", f"{self.name}-{side}", "link", "set", "eth0", "up")

    def address(self, side, address):
        sh("ip", "-n", f"{self.name}-{side}", "address", "add", address + "/16", "dev", "eth0", check=False)

    def inside(self, side, *command):
        return ["nsenter", f"--net=/run/netns/{self.name}-{side}", *command]

    def ask(self, side, *command, check=False):
        return subprocess.run(self.inside(side, *command), check=check, capture_output=True, text=True).stdout

    def start(self, side, *command, stdin=None):
        path = os.path.join(self.folder, f"log-{len(self.programs)}")
        with open(path, "w") as log:
            started = subprocess.Popen(self.inside(side, *command), stdin=stdin, stdout=log, stderr=log, cwd=self.folder)
        program = Program(started, path)
        self.programs.append(program)
        return program

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path + ".new", "w") as out:
            out.write(text)
        os.chmod(path + ".new", 0o644)
        os.rename(path + ".new", path)
        return path

    def remove(self):
        for program in self.programs:
            program.end()
        for side in ("router", "speaker"):
            sh("ip", "netns", "delete", f"{self.name}-{side}", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Program:
    """A running process; nsenter becomes the program itself, so its numbers are the program's."""

    def __init__(self, started, log):
        self.process = started
        self.log = log

    def cpu(self):
        """Seconds of CPU so far: (user, system)."""
        return process.cpu(self.process.pid)

    def rss(self):
        """MiB."""
        return process.rss(self.process.pid)

    def output(self):
        with open(self.log) as text:
            return text.read()

    def end(self, number=signal.SIGKILL):
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Cost:
    """What a program used since then."""

    def __init__(self, program):
        self.program = program
        self.began = time.monotonic()
        self.cpu = program.cpu()
        self.rss = program.rss()

    def so_far(self):
        user, system = self.program.cpu()
        return {
            "wall": time.monotonic() - self.began,
            "user": user - self.cpu[0],
            "system": system - self.cpu[1],
            "cpu": user + system - sum(self.cpu),
            "before": self.rss,
            "after": self.program.rss(),
        }
