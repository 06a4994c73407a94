"""Record the sockets of this very process, and draw them: what the notebooks do.

    run = Recording()
    with run:
        server = socket(AF_INET, SOCK_DGRAM)
        ...
    run  # the last value of a cell: Jupyter draws it

Both ends live in one process here, so the parties are told apart by what their sockets do: one that binds or
listens, and what it accepts, is the server's; any other is the client's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import FrameType, TracebackType
from typing import Any

from grading.transcript.calls import Call, Record, read_record
from grading.transcript.conversation import Conversation, Party
from grading.transcript.merging import converse
from grading.transcript.recorder import Recorder


class Recording:
    """The socket calls made by ``__main__`` (a notebook's cells, a script) while it runs.

    It can be stopped and started again, to leave out what is not of interest; it draws what it has so far.
    """

    def __init__(self, server: str = "server", client: str = "client") -> None:
        """Take what the two columns are called."""
        self.names = (server, client)
        self._recorder = _InProcess()
        self._undo: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin, or go on."""
        if self._undo is None:
            self._undo = self._recorder.patch()

    def stop(self) -> None:
        """Leave all sockets as they were before."""
        if self._undo is not None:
            self._undo()
            self._undo = None

    def __enter__(self) -> Recording:  # noqa: PYI034  typing.Self is newer than Python 3.10
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def record(self) -> Record:
        """All calls so far."""
        return read_record(b"\n".join(self._recorder.events))

    @property
    def conversation(self) -> Conversation:
        """Both ends, merged."""
        calls = [replace(call, line=None) for call in self.record.calls]
        sides: tuple[list[Call], list[Call]] = ([], [])
        for call, serves in zip(calls, _served(calls), strict=True):
            sides[0 if serves else 1].append(call)
        server, client = (Party(name, Record(tuple(side))) for name, side in zip(self.names, sides, strict=True))
        return converse(server, client)

    def __repr__(self) -> str:
        return str(self.conversation)

    def _repr_svg_(self) -> str:
        return self.conversation._repr_svg_()


class _InProcess(Recorder):
    """Keeps events in a list, of calls that come from ``__main__``."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[bytes] = []

    def write(self, **event: Any) -> None:
        self.events.append(json.dumps(event).encode())

    def line(self, frame: FrameType | None) -> int | None:
        main = vars(sys.modules["__main__"])
        while frame is not None:
            if frame.f_globals is main:
                return frame.f_lineno
            frame = frame.f_back
        return None


def _served(calls: Sequence[Call]) -> list[bool]:
    """Say of each call whether its socket is the server's: known at the end only, as is who binds."""
    sockets: list[dict[str, bool]] = []
    live: dict[int, dict[str, bool]] = {}
    of_call = []
    for call in calls:
        if call.name == "socket" or call.fd not in live:
            live[call.fd] = {"serves": False}
            sockets.append(live[call.fd])
        if call.name in ("bind", "listen"):
            live[call.fd]["serves"] = True
        of_call.append(live[call.fd])
        if call.made is not None:
            live[call.made] = {"serves": True}
    return [each["serves"] for each in of_call]
