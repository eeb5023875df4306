"""Work over several connections, and kubeconfigs."""

import base64
import os
import pathlib
import tempfile
import threading
import unittest

import kubernetes
import process


class EachTest(unittest.TestCase):
    def test_every_item_once_over_as_many_threads(self):
        done, names, all_there = [], set(), threading.Barrier(4)

        def work(item):
            if item < 4:
                all_there.wait(30)
            names.add(threading.current_thread().name)
            done.append(item)

        kubernetes.each(range(100), 4, work)
        self.assertEqual(sorted(done), list(range(100)))
        self.assertEqual(len(names), 4)

    def test_an_error_ends_it_and_is_told(self):
        done = []

        def work(item):
            if item == 3:
                raise kubernetes.Refused("GET", "/", 500, "it is late")
            done.append(item)

        with self.assertRaisesRegex(kubernetes.Refused, "500 it is late"):
            kubernetes.each(range(1000), 1, work)
        self.assertEqual(done, [0, 1, 2])


class FileTest(unittest.TestCase):
    def test_a_path_stays_and_a_text_is_written_for_the_time_being(self):
        with kubernetes.file({"client-key": "/its/own"}, "client-key") as path:
            self.assertEqual(path, "/its/own")
        with kubernetes.file({"client-key-data": base64.b64encode(b"a key").decode()}, "client-key") as path:
            self.assertEqual(pathlib.Path(path).read_bytes(), b"a key")
        self.assertFalse(os.path.exists(path))


class ProcessTest(unittest.TestCase):
    def test_what_this_process_costs(self):
        self.assertGreater(process.rss(os.getpid()), 1)
        self.assertGreaterEqual(process.status(os.getpid())["Threads"], 1)
        self.assertGreater(sum(process.cpu(os.getpid())), 0)

    def test_free_ports_differ(self):
        self.assertEqual(len(set(process.free_ports(5))), 5)

    def test_waiting_says_what_did_not_come(self):
        self.assertEqual(process.wait("it", lambda: 7), 7)
        with self.assertRaisesRegex(TimeoutError, "the thing: not within 0 s"):
            process.wait("the thing", lambda: None, limit=0)

    def test_what_is_not_built_is_named_with_its_remedy(self):
        with tempfile.TemporaryDirectory() as empty, self.assertRaisesRegex(SystemExit, "etcd is missing.*cluster/cluster build"):
            before = os.environ.get("XDG_CACHE_HOME")
            os.environ["XDG_CACHE_HOME"] = empty
            try:
                process.built("ETCD_BIN", "etcd")
            finally:
                os.environ.pop("XDG_CACHE_HOME")
                if before is not None:
                    os.environ["XDG_CACHE_HOME"] = before


if __name__ == "__main__":
    unittest.main()
