"""What the checks of all "your turn" cells share: a student's function on trial, and the one line that is said."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable


def tell(fault: Callable[[], str | None], right: str) -> None:
    """Print what is wrong with an answer, or why it is right; whatever it is, looking at it does not raise."""
    try:
        said = fault()
    except Exception as error:  # noqa: BLE001  an answer may be anything, and break in any way
        said = f"the answer cannot be checked: looking at it raises {type(error).__name__}."
    print(f"Not yet: {said}" if said else f"Right: {right}")


class Trial:
    """A student's function on trial, in a thread of its own: it may raise anything, or never come back."""

    def __init__(self, function: Callable[[], object]) -> None:
        """Start it."""
        self.result: object = None
        self.error: BaseException | None = None
        self.took = 0.0
        """Seconds until it came back, or raised."""
        self._function = function
        self._over = self._given_up = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def is_over(self, within: float = 0.0) -> bool:
        """Say whether it comes back, or raises, within so many seconds."""
        self._thread.join(within)
        return self._over

    @property
    def returned(self) -> bool:
        """Whether it came back with a result."""
        return self._over and self.error is None

    def give_up(self) -> None:
        """End it, if it still runs: a loop would slow the notebook down. What it then does no longer counts."""
        self._given_up = True
        if self._thread.is_alive() and self._thread.ident is not None:
            thread = ctypes.c_ulong(self._thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(SystemExit))

    @property
    def raised(self) -> str:
        """The error, as the last line of its traceback shows it."""
        text = str(self.error)
        return f"{type(self.error).__name__}: {text}" if text else type(self.error).__name__

    def _run(self) -> None:
        result, error, start = None, None, time.monotonic()
        try:
            result = self._function()
        except BaseException as raised:  # noqa: BLE001  an answer may raise anything, SystemExit too
            error = raised
        if not self._given_up:
            self.result, self.error, self.took = result, error, time.monotonic() - start
            self._over = True
