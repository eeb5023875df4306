"""An agent out of the image's files beside an API server, and the objects that give it one session."""

import http.client
import os
import pathlib
import signal
import subprocess
import sys
import time

import process
from kubernetes import CILIUM, STRATEGIC


def node(api, port):
    """The node, with one peer at this port of 127.0.0.1 that gets the addresses of all Services."""
    api.ask("POST", "/api/v1/nodes", {"metadata": {"name": "n1"}, "spec": {"podCIDRs": ["10.1.0.0/24"]}})
    api.ask("PATCH", "/api/v1/nodes/n1/status",
             {"status": {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}]}},
             STRATEGIC)
    api.ask("POST", CILIUM + "/ciliumbgppeerconfigs", {
        "apiVersion": "cilium.io/v2", "kind": "CiliumBGPPeerConfig", "metadata": {"name": "p"},
        "spec": {"transport": {"peerPort": port}, "families": [
            {"afi": "ipv4", "safi": "unicast", "advertisements": {"matchLabels": {"a": "b"}}}]}})
    api.ask("POST", CILIUM + "/ciliumbgpadvertisements", {
        "apiVersion": "cilium.io/v2", "kind": "CiliumBGPAdvertisement", "metadata": {"name": "a", "labels": {"a": "b"}},
        "spec": {"advertisements": [{"advertisementType": "Service", "selector": {},
                                     "service": {"addresses": ["LoadBalancerIP"]}}]}})
    api.ask("POST", CILIUM + "/ciliumbgpnodeconfigs", {
        "apiVersion": "cilium.io/v2", "kind": "CiliumBGPNodeConfig", "metadata": {"name": "n1"},
        "spec": {"bgpInstances": [{"name": "main", "localASN": 65001, "peers": [
            {"name": "r", "peerASN": 65000, "peerAddress": "127.0.0.1", "peerConfigRef": {"name": "p"}}]}]}})


class Agent:
    """The agent out of the image's own files."""

    def __init__(self, runtime, api, log, options):
        image = pathlib.Path(runtime).resolve()
        self.http, glass = process.free_ports(2)
        # The chart's memory limit, as the JVM sees it in the pod.
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "KUBECONFIG": api.kubeconfig,
               "JDK_JAVA_OPTIONS": "-XX:MaxRAM=512m " + options}
        self.process = subprocess.Popen(
            [image / "usr" / "bin" / "peerage", "agent", "--node-name", "n1", "--http-address", f"127.0.0.1:{self.http}",
             "--api-address", f"127.0.0.1:{glass}"], stdout=log, stderr=log, env=env)
        self.started = time.monotonic()
        self.jcmd = image / "opt" / "peerage" / "jre" / "bin" / "jcmd"

    def ready(self):
        process.wait("the agent", lambda: self.process.poll() is not None or self.answers(), 600, 0.2)
        if self.process.poll() is not None:
            sys.exit("the agent ended; LOG=file keeps what it says")
        return time.monotonic() - self.started

    def answers(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=2)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
