"""Execute the notebooks again, in place: ``make notebooks-run``.

What did not change stays as it is to the byte. An output that differs only in what ``notebooks/sanitize.cfg`` leaves
out of the comparison (ports, times) is kept as it was, so that a diff shows what a reader would call a change.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
from pathlib import Path
from typing import Any

import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CELL_TIMEOUT = 30
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""All that a notebook says of itself: no version of Python, no editor."""


def main() -> int:
    """Execute the notebooks that are named, or all; with ``--strip`` only take out what editors noted in them."""
    parser = argparse.ArgumentParser(description="Execute notebooks again, in place.")
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted(NOTEBOOKS.glob("*.ipynb")))
    parser.add_argument("--strip", action="store_true", help="execute nothing, only clean the metadata")
    options = parser.parse_args()
    for path in options.notebooks:
        before = path.read_text(encoding="utf-8")
        notebook = stripped(nbformat.reads(before, as_version=4))
        if not options.strip:
            from nbclient.exceptions import CellExecutionError  # the hook, which only strips, is quick without

            try:
                notebook = run_again(notebook, path.parent)
            except CellExecutionError as error:
                print(f"{path.name}: left as it was, because {error}", file=sys.stderr)
                return 1
        after = written(notebook)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
        print(f"{path.name}: {'changed' if after != before else 'as it was'}")
    return 0


def run_again(notebook: Any, folder: Path) -> Any:
    """Execute a notebook in a kernel of its own, and keep those of its outputs that say the same as before."""
    from nbclient import NotebookClient

    new = copy.deepcopy(notebook)
    client = NotebookClient(new, timeout=CELL_TIMEOUT, resources={"metadata": {"path": str(folder)}})
    client.extra_arguments = ["--log-level=ERROR"]  # a kernel warns that it can be listened to by who is root here
    client.execute()
    stripped(new)
    for cell, old in zip(new.cells, notebook.cells, strict=True):
        if cell.cell_type == "code" and says_the_same(cell, old):
            cell.outputs = old.outputs
    return new


def says_the_same(cell: Any, old: Any) -> bool:
    """Compare the outputs of two runs of a cell, without what differs in every run."""
    if re.search(r"^# NBVAL_IGNORE_OUTPUT$", cell.source, re.MULTILINE):
        return bool(old.outputs)
    return bool(sanitized(cell.outputs) == sanitized(old.outputs))


def sanitized(value: Any) -> Any:
    """Replace in an output, or in a part of one, what differs in every run."""
    if isinstance(value, str):
        for pattern, by in _RULES:
            value = re.sub(pattern, by, value)
        return value
    if isinstance(value, list):
        return [sanitized(each) for each in value]
    if isinstance(value, dict):
        return {key: sanitized(each) for key, each in value.items() if key != "execution_count"}
    return value


def stripped(notebook: Any) -> Any:
    """Take out what editors and kernels note beside source and output; tags stay. What is printed becomes one text."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: value for key, value in cell.metadata.items() if key == "tags"})
        if cell.cell_type == "code":
            cell.outputs = in_one_piece(cell.outputs)
    return notebook


def in_one_piece(outputs: list[Any]) -> list[Any]:
    """Join pieces of a stream that follow each other: where it was cut is chance."""
    joined: list[Any] = []
    for output in outputs:
        if output.output_type == "stream" and joined and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def written(notebook: Any) -> str:
    """Give a notebook as the text of its file."""
    return f"{nbformat.writes(notebook)}\n"


def _read_rules() -> list[tuple[str, str]]:
    text = (NOTEBOOKS / "sanitize.cfg").read_text(encoding="utf-8")
    return re.findall(r"^regex: (.*)$\n^replace: (.*)$", text, flags=re.MULTILINE)  # as nbval reads it


_RULES = _read_rules()

if __name__ == "__main__":
    sys.exit(main())
