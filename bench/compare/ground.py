"""Two network namespaces joined by a cable, the processes in them, and what those cost."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time

ROUTER = "10.98.0.1"
SPEAKER = "10.98.0.2"
TICKS = os.sysconf("SC_CLK_TCK")


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
            signal.signal(number, lambda *_: exit(1))
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
        log = open(os.path.join(self.folder, f"log-{len(self.programs)}"), "w+")
        process = subprocess.Popen(self.inside(side, *command), stdin=stdin, stdout=log, stderr=log, cwd=self.folder)
        program = Program(process, log)
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
            subprocess.run(["ip", "netns", "delete", f"{self.name}-{side}"], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Program:
    """A running process; nsenter becomes the program itself, so its numbers are the program's."""

    def __init__(self, process, log):
        self.process = process
        self.log = log

    def cpu(self):
        """Seconds of CPU so far: (user, system)."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return int(fields[11]) / TICKS, int(fields[12]) / TICKS

    def rss(self):
        """MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def output(self):
        self.log.flush()
        with open(self.log.name) as text:
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


def wait(what, condition, limit=180.0, every=0.05):
    """Waits until the condition holds; says after what time it gave up."""
    end = time.monotonic() + limit
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {limit:.0f} s")
        time.sleep(every)
