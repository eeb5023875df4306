"""A Kubernetes API server of one's own, and requests to any."""

import base64
import contextlib
import http.client
import json
import re
import socket
import ssl
import subprocess
import tempfile
import threading

from process import ROOT, built, free_ports

JSON = "application/json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
WRITES = ("POST", "PUT", "PATCH", "APPLY", "DELETE")
CILIUM = "/apis/cilium.io/v2"
POOLS = CILIUM + "/ciliumloadbalancerippools"
SERVICES = "/api/v1/namespaces/default/services"


class Refused(Exception):
    """The API server's answer is an error."""

    def __init__(self, method, path, status, text):
        super().__init__(f"{method} {path}: {status} {text[:300]}")
        self.status = status


class Api:
    """Connections to the API server of a kubeconfig; without one, of kubectl's own. Each thread gets its own by itself."""

    def __init__(self, kubeconfig=None, kubectl="kubectl"):
        command = [kubectl, "config", "view", "--raw", "-o", "json"]
        config = json.loads(subprocess.check_output(command + (["--kubeconfig", kubeconfig] if kubeconfig else [])))
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self.host, self.port = re.match(r"https://([^:/]+):(\d+)", cluster["server"]).groups()
        self.local = threading.local()
        self.headers = {"Accept": JSON}
        with file(cluster, "certificate-authority") as authority:
            self.tls = ssl.create_default_context(cafile=authority)
        if "token" in user:
            self.headers["Authorization"] = f"Bearer {user['token']}"
        else:
            with file(user, "client-certificate") as certificate, file(user, "client-key") as key:
                self.tls.load_cert_chain(certificate, key)

    def connect(self):
        connection = http.client.HTTPSConnection(self.host, int(self.port), context=self.tls)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self, method, path, body=None, kind=JSON):
        """What the server answers: an object, or text where that is no JSON. An error is Refused."""
        if not hasattr(self.local, "connection"):
            self.local.connection = self.connect()
        text = json.dumps(body) if body is not None else None
        self.local.connection.request(method, path, text, {"Content-Type": kind, **self.headers})
        answer = self.local.connection.getresponse()
        data = answer.read().decode()
        if answer.status >= 300:
            raise Refused(method, path, answer.status, data)
        return json.loads(data) if data.startswith("{") else data

    def watch(self, path, version):
        """The events after a version of a list, as soon as they are read; they end when the server does."""
        connection = self.connect()
        connection.request("GET", f"{path}?watch=1&resourceVersion={version}&timeoutSeconds=3600", headers=self.headers)
        answer, rest = connection.getresponse(), b""
        with contextlib.suppress(http.client.IncompleteRead, ConnectionError):
            while data := answer.read1(1 << 16):
                *lines, rest = (rest + data).split(b"\n")
                yield from map(json.loads, lines)

    def version(self, path):
        """The version of a list now, from which a watch goes on."""
        return self.ask("GET", path + "?limit=1")["metadata"]["resourceVersion"]

    def writes(self):
        """How many writes the server has answered: {(verb, resource, code): number}."""
        counts = {}
        for line in self.ask("GET", "/metrics").splitlines():
            if line.startswith("apiserver_request_total{"):
                label = dict(re.findall(r'(\w+)="([^"]*)"', line))
                if label["verb"] in WRITES:
                    name = label["resource"] + ("/" + label["subresource"] if label["subresource"] else "")
                    key = (label["verb"], name, label["code"])
                    counts[key] = counts.get(key, 0) + int(float(line.rsplit(" ", 1)[1]))
        return counts


@contextlib.contextmanager
def file(part, name):
    """The path of a part of a kubeconfig: its own, or that of a passing copy of what is written in the kubeconfig itself."""
    if name in part:
        yield part[name]
        return
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(base64.b64decode(part[name + "-data"]))
        copy.flush()
        yield copy.name


def each(items, connections, work):
    """Does the work for every item, over as many connections at the same time; the first error ends it and is raised."""
    todo, errors = iter(items), []
    lock = threading.Lock()

    def run():
        while not errors:
            with lock:
                item = next(todo, todo)
            if item is todo:
                return
            try:
                work(item)
            except Exception as error:  # raised below, in the thread that wants to know
                errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


class ApiServer(Api):
    """An API server with Peerage's resources; it ends with the `with` block, and with this process however that ends."""

    def __init__(self):
        self.process = subprocess.Popen([ROOT / "cluster" / "api-server", *map(str, free_ports(3))], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        folder = self.process.stdout.readline().strip()
        if not folder:
            raise SystemExit("there is no API server; cluster/api-server says above why")
        self.kubeconfig = folder + "/admin"
        kubectl = built("KUBERNETES_BIN", "kubectl")
        super().__init__(self.kubeconfig, kubectl)
        own = [kubectl, "--kubeconfig", self.kubeconfig]
        subprocess.run([*own, "apply", "--server-side", "-f", ROOT / "helm" / "peerage" / "crds"], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([*own, "wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"], check=True,
                       stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
