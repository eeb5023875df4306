"""The XML reports that Surefire and JUnit's console launcher write."""

import dataclasses
import pathlib
import xml.etree.ElementTree


@dataclasses.dataclass(frozen=True)
class Case:
    """One run of one test method, or of a class's own set-up, whose method is then empty."""

    name: str  # of the class, in full
    method: str
    outcome: str  # passed, failed or skipped
    message: str  # of a failure: what it said, in one line
    seconds: float

    @property
    def title(self):
        return f"{self.name.rsplit('.', 1)[-1]}{'.' if self.method else ''}{self.method}"


def read(folder):
    """The cases of all reports in a folder; none when there is no such folder."""
    return [case for file in sorted(pathlib.Path(folder).glob("TEST-*.xml")) for case in parse(file.read_bytes())]


def parse(report):
    """The cases of one report."""
    cases = []
    for test in xml.etree.ElementTree.fromstring(report).iter("testcase"):
        outcome, message = "passed", ""
        for kind in ("failure", "error", "skipped"):
            found = test.find(kind)
            if found is not None:
                outcome = "skipped" if kind == "skipped" else "failed"
                text = found.get("message") or found.text or found.get("type") or ""
                message = " ".join(text.split())
                break
        cases.append(Case(test.get("classname", ""), test.get("name", ""), outcome, message,
                          float((test.get("time") or "0").replace(",", ""))))
    return cases
