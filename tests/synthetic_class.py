"""Classes to write reports of: real gradings of the gallery's programs, handed in by students made up here."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grading.diagnosis.causes import CAUSES, GROUPS
from grading.reports.pages import ClassAbout, Idea
from grading.reports.rows import Row, row_of
from tests.gallery.entries import ROOT
from tests.test_commands import grade

BROKEN = ROOT / "tests" / "gallery" / "broken"
PROGRAMS = ("udp_server", "udp_client", "udp_pair", "tcp_server", "tcp_client", "tcp_pair")
OWNED = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
"""What runs where it is taken for markup."""
HOSTILE = f"""\
import socket
# </code></pre>{OWNED}
print({OWNED!r} + "\\x1b[2J\\x07", flush=True)
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 12000))
data, client = server.recvfrom(2048)
raise type("</text>\\x1b[31mBad", (Exception,), {{}})({OWNED!r})
"""


def submission(folder: Path, **programs: str) -> Path:
    """Hand in the solutions, but for some programs of the gallery of broken ones: ``udp_server="no_loop"``."""
    folder.mkdir()
    for path in ROOT.glob("solutions/*/*.py"):
        broken = programs.get(path.stem)
        shutil.copy(BROKEN / path.stem / f"{broken}.py" if broken else path, folder / path.name)
    return folder


def handed_in(
    folder: Path, identifier: str, name: str, *options: str, status: str = "graded", notes: Iterable[str] = ()
) -> dict[str, Any]:
    """Grade a folder, and give the results as those of one student of a class."""
    written = folder.parent / f"{folder.name}.json"
    results: dict[str, Any] = grade("--submission", folder, "--results", written, "--seed", "7", *options).results
    sources = {path.stem: {"file": path.name, "text": path.read_text("utf-8")} for path in sorted(folder.glob("*.py"))}
    results["extra_data"] |= {
        "student": {"id": identifier, "name": name, "file": f"s{identifier}"},
        "status": status,
        "notes": list(notes),
        "key": "",
        "sources": sources,
    }
    return results


def changed(results: dict[str, Any], identifier: str, name: str, **extra: Any) -> dict[str, Any]:
    """Give the same results as another student's."""
    other = copy.deepcopy(results)
    other["extra_data"] |= {"student": {"id": identifier, "name": name, "file": f"s{identifier}"}, **extra}
    return other


def not_graded(results: dict[str, Any], identifier: str, name: str, status: str, note: str) -> dict[str, Any]:
    """Give a student nothing of whom could be graded."""
    other = changed(results, identifier, name, status=status, notes=[note], isolation="", sources={})
    return other | {"tests": [], "score": 0}


def broken_off(results: dict[str, Any], identifier: str, name: str) -> dict[str, Any]:
    """Give a student whose third check the grader broke at."""
    other = changed(results, identifier, name, status="incomplete", complete=False)
    test = other["tests"][2]
    other["score"] -= test["score"]
    test |= {"status": "failed", "score": 0}
    test["output"] = "The grader itself broke here. No points are lost, but the score is not final:\nOSError: no <room>"
    test["extra_data"] |= {"verdict": "error", "cause": None, "line": None, "findings": []}
    return other


def about(**more: Any) -> ClassAbout:
    """Say of a class what the table of causes says."""
    no_idea = ("It does not run at all", "Anything else")
    return ClassAbout(
        layout="a folder for each student",
        causes={cause.slug: cause.title for cause in CAUSES.values()},
        reads={(cause.slug, program): str(cause.place(program)) for cause in CAUSES.values() for program in PROGRAMS},
        ideas={
            cause.slug: Idea(group.title, group.about)
            for group in GROUPS
            if group.title not in no_idea
            for cause in group.causes
        },
        **more,
    )


def rows_of(results: Iterable[dict[str, Any]]) -> Iterator[Row]:
    return (row_of(each) for each in results)
