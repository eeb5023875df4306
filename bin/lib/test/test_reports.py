"""What the end of `make test` says about reports and Maven's log."""

import importlib.machinery
import importlib.util
import unittest

import junit
from process import ROOT

REPORT = b"""<testsuite>
  <testcase name="works" classname="dev.peerage.GoodTest" time="1,200.5"/>
  <testcase name="fails" classname="dev.peerage.BadTest" time="0.1">
    <failure message="&#10;expected: 2&#10; but was: 1" type="AssertionError">trace</failure></testcase>
  <testcase name="" classname="dev.peerage.WorseTest" time="0"><error type="java.lang.OutOfMemoryError"/></testcase>
  <testcase name="waits" classname="dev.peerage.GoodTest" time="0"><skipped/></testcase>
</testsuite>"""

LOG = """[INFO] Reactor Summary for Peerage 0.1.0-SNAPSHOT:
[INFO]
[INFO] Peerage ............................................ SUCCESS [  2.819 s]
[INFO] Peerage test support ............................... FAILURE [  4.697 s]
[INFO] Peerage custom resources ........................... SUCCESS [  6.001 s]
[INFO] Peerage benchmarks ................................. SKIPPED
[INFO] BUILD FAILURE
"""


def script(name):
    loader = importlib.machinery.SourceFileLoader(name, str(ROOT / "src" / "test" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


class ReportsTest(unittest.TestCase):
    def setUp(self):
        self.summary = script("summary")
        self.cases = junit.parse(REPORT)

    def test_outcomes(self):
        self.assertEqual([case.outcome for case in self.cases], ["passed", "failed", "failed", "skipped"])
        self.assertEqual(self.cases[0].seconds, 1200.5)
        self.assertEqual(self.cases[1].message, "expected: 2 but was: 1")
        self.assertEqual(self.cases[2].title, "WorseTest")

    def test_modules_that_did_not_finish(self):
        self.assertEqual(self.summary.broken(LOG), ["Peerage test support", "Peerage benchmarks"])
        self.assertEqual(self.summary.broken(LOG.replace("FAILURE", "SUCCESS").replace("SKIPPED", "SUCCESS")), [])
        self.assertTrue(self.summary.broken("[INFO] Scanning for projects..."))

    def test_the_end_names_what_failed(self):
        lines, bad = self.summary.summary({"operator": self.cases}, [], every=False)
        self.assertTrue(bad)
        self.assertIn("2 failed:", lines)
        self.assertIn("  operator: dev.peerage.BadTest.fails\n      expected: 2 but was: 1", lines)
        self.assertEqual(lines[-1], "FAILED")

    def test_nothing_failed(self):
        good = [case for case in self.cases if case.outcome == "passed"]
        self.assertEqual(self.summary.summary({"crds": good}, [], every=False)[1], False)

    def test_a_module_that_did_not_finish_and_no_tests_are_failures_too(self):
        good = [case for case in self.cases if case.outcome == "passed"]
        self.assertTrue(self.summary.summary({"crds": good}, ["Peerage operator"], every=False)[1])
        self.assertTrue(self.summary.summary({}, [], every=False)[1])


if __name__ == "__main__":
    unittest.main()
