"""The counterpart's own calls: what the grader did and saw at its end of a conversation.

The same calls as the recorder keeps of a program, on the same clock. They need no patching, since the
counterpart's sockets are of a class of their own.
"""

from __future__ import annotations

import errno
import os
import socket
import time
from dataclasses import replace
from typing import Any

from grading.transcript.calls import Address, Call
from grading.transcript.payload import RECEIVES
from grading.transcript.recorder import shown

_KEPT = ("bind", "listen", "connect_ex", "send", "sendto", "sendmsg", "recv", "recvfrom", "recvmsg", "shutdown")
_AT_MOST = 2_000  # calls: a program may send without end
_ON_THE_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK)


class WitnessSocket(socket.socket):
    """A socket that keeps its calls in a list, and otherwise is one like any other.

    What did not happen is not kept: on a socket that never blocks, a call that found nothing.
    """

    def __init__(self, calls: list[Call], fileno: int) -> None:
        super().__init__(fileno=fileno)
        self.calls = calls

    def keep(self, name: str, args: tuple[Any, ...], began: float, **more: Any) -> None:
        """Keep one call that has come back."""
        until = time.perf_counter()
        if len(self.calls) >= _AT_MOST:
            return
        self.calls.append(
            Call(
                name=name,
                fd=self.fileno(),
                args=tuple(shown(arg) for arg in args),
                line=None,
                seconds=until if name in ("accept", *RECEIVES) else began,  # it never waits: what it takes was there
                until=until,
                local=self._local(),
                **more,
            )
        )

    def _local(self) -> Address | None:
        try:
            host, port = socket.SocketType.getsockname(self)[:2]
        except OSError:  # it is closed
            return None
        return (host, port) if port else None

    def accept(self) -> tuple[WitnessSocket, Any]:
        """Accept a connection, on a socket that keeps its calls too."""
        began = time.perf_counter()
        fd, address = self._accept()  # type: ignore[attr-defined]  # what socket.accept itself builds on
        accepted = WitnessSocket(self.calls, fd)
        self.keep("accept", (), began, result=f"(fd={fd}, {address!r})", made=fd)
        return accepted, address

    def getsockopt(self, level: int, option: int, *size: int) -> Any:
        """Tell an option; of a connect that did not wait, it is here that it is known to have failed."""
        value = super().getsockopt(level, option, *size)
        if (level, option) == (socket.SOL_SOCKET, socket.SO_ERROR) and value:
            for place, call in enumerate(self.calls):
                if (call.name, call.fd) == ("connect", self.fileno()):
                    self.calls[place] = replace(call, result=None, error=_refusal(value))
        return value

    def close(self) -> None:
        if self.fileno() >= 0:
            self.calls.append(Call("close", self.fileno(), (), None, "None", None, now := time.perf_counter(), now))
        super().close()


def _keeping(name: str) -> Any:
    original = getattr(socket.socket, name)

    def method(sock: WitnessSocket, *args: Any) -> Any:
        began = time.perf_counter()
        try:
            result = original(sock, *args)
        except BlockingIOError:
            raise
        except OSError as error:
            if name == "shutdown":  # the other end has gone, which was seen before
                raise
            sock.keep(*_plain(name, args), began, error=f"{type(error).__name__}: {error}")
            raise
        if name == "connect_ex" and result not in _ON_THE_WAY:
            sock.keep("connect", args, began, error=_refusal(result))
        else:
            sock.keep(*_plain(name, args), began, result=shown(_plain_result(name, result)))
        return result

    return method


def _refusal(number: int) -> str:
    error = OSError(number, os.strerror(number))
    return f"{type(error).__name__}: {error}"


def _plain(name: str, args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Say a call as the labs would write it."""
    if name == "connect_ex":
        return "connect", args
    if name == "sendmsg":
        buffers, _, _, address = args
        return "sendto", (b"".join(buffers), address)
    if name in ("recv", "recvfrom", "recvmsg"):
        return "recv" if name == "recv" else "recvfrom", args[:1]
    if name == "shutdown":
        return name, (int(args[0]),)
    return name, args


def _plain_result(name: str, result: Any) -> object:
    if name == "recvmsg":
        return result[0], result[3]
    return None if name == "connect_ex" else result


for _name in _KEPT:
    setattr(WitnessSocket, _name, _keeping(_name))
