"""The notebooks in JupyterLab, in a real browser, as a student runs them: Run All Cells, and every cell ends well."""

from __future__ import annotations

import json
import os
import queue
import re
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.test_notebooks import FOLDER, NOTEBOOKS, STEMS, anchor, environment

STARTS = 90
"""Seconds for a server or a page to start, on a busy machine."""
RUNS = 60_000
"""Milliseconds for all cells of a notebook."""

SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # a cell that is out of sight stays in the document
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "apputils-extension/themes": {"adaptive-theme": True},  # light or dark, as the system asks
}
IDLE = re.compile(r"\| Idle$")
"""What the bar at the bottom says of a kernel that has started and has nothing to do."""
EXECUTED = """count => {
    const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
    const ended = cell => /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').textContent);
    const failed = document.querySelector('.jp-Notebook [data-mime-type="application/vnd.jupyter.error"]');
    return failed !== null || (cells.length === count && cells.every(ended));
}"""
"""Whether all cells have their number, or one has failed, after which none of the others is run."""

ANCHORS = "headings => headings.map(each => each.id || each.dataset.jupyterId)"
"""What a link may name of a notebook."""


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab as if for the first time, on notebooks without outputs; give the address of a notebook in it."""
    home = tmp_path_factory.mktemp("home")
    for name, setting in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting))
    work = tmp_path_factory.mktemp("work") / "notebooks"
    shutil.copytree(FOLDER, work, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for path in work.glob("*.ipynb"):
        path.write_text(json.dumps(cleared(path)), encoding="utf-8")

    folders = {"config": "CONFIG_DIR", "data": "DATA_DIR", "runtime": "RUNTIME_DIR"}
    env = {f"JUPYTER_{variable}": str(home / name) for name, variable in folders.items()}
    env |= {"HOME": str(home), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings")}
    env |= {"JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    token = secrets.token_hex(16)
    options = ["--no-browser", "--ip=127.0.0.1", f"--IdentityProvider.token={token}"]
    options += ["--LabApp.extension_manager=readonly"]  # which asks nobody on the internet
    options += ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=work.parent,
        env=environment() | env,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        log = Log(server.stderr)
        try:
            address = log.address.get(timeout=STARTS)
            assert address.startswith("http:"), address
            yield f"{address}/tree/notebooks/{{}}.ipynb?reset&token={token}"
        finally:
            server.terminate()  # and with it its kernels
            log.join(STARTS)


def cleared(path: Path) -> Any:
    """Give a notebook as if none of its cells had been run."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return notebook


class Log(threading.Thread):
    """Reads what a server logs, to its end, and looks for the line that says where it is."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__(daemon=True)
        self.stream = stream
        self.address: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.start()

    def run(self) -> None:
        lines = []
        for line in self.stream:
            lines.append(line)
            if match := re.search(r"http://127\.0\.0\.1:\d+/lab", line):
                self.address.put(match[0])
        self.address.put(f"It has ended.\n{''.join(lines)}")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a window of the browser that nobody has used yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.set_default_timeout(STARTS * 1000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("stem", STEMS)
def test_runs_all_cells(stem: str, lab: str, page: Page, tmp_path: Path) -> None:
    code = [cell for cell in cleared(FOLDER / f"{stem}.ipynb")["cells"] if cell["cell_type"] == "code"]
    page.goto(lab.format(stem))
    page.get_by_text(IDLE).wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(EXECUTED, arg=len(code), timeout=RUNS)
    page.get_by_text(IDLE).wait_for()

    for kind in ("error", "stderr"):
        assert page.locator(f'.jp-Notebook [data-mime-type="application/vnd.jupyter.{kind}"]').all_inner_texts() == []
    prompts = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").all_inner_texts()
    assert prompts == [f"[{number}]:" for number in range(1, len(code) + 1)]

    diagrams = page.locator('.jp-Notebook .jp-OutputArea-output[data-mime-type="image/svg+xml"] > *').all()
    assert bool(diagrams) == any("Recording(" in "".join(cell["source"]) for cell in code)
    for diagram in diagrams:
        assert_is_visible(diagram)
    for scheme in ("dark", "light") if diagrams else ():  # for the eye
        page.emulate_media(color_scheme=scheme)
        page.locator(f"body[data-jp-theme-light={str(scheme == 'light').lower()}]").wait_for(state="attached")
        diagrams[0].scroll_into_view_if_needed()
        page.screenshot(path=tmp_path / f"{stem}-{scheme}.png")

    anchors = page.locator(".jp-Notebook h2").evaluate_all(ANCHORS)
    assert anchors == [anchor(heading) for heading in re.findall(r"^## (.+)$", NOTEBOOKS[stem].prose, re.MULTILINE)]
    answer = page.locator(".jp-Notebook details").first
    assert answer.locator(":scope > :not(summary)").first.is_hidden()
    answer.locator("summary").click()
    assert answer.locator(":scope > :not(summary)").first.is_visible()


def assert_is_visible(diagram: Locator) -> None:
    """Hold that there is a picture, not the frame of a missing one."""
    diagram.scroll_into_view_if_needed()
    box = diagram.bounding_box()
    assert box is not None
    assert box["width"] > 400
    assert box["height"] > 80
    assert diagram.evaluate("each => each.tagName !== 'IMG' || (each.complete && each.naturalWidth > 0)")
