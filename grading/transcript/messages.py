"""Which message is which: where the other end received what one end sent.

Every exchange of the labs has a client with a port of its own, so that port tells to which one a call belongs: the
server's datagrams name it, and its connections come from it. Datagrams are matched whole and in order; of a stream,
the receive that took a message's first byte, counted from the beginning of the connection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grading.transcript.calls import Call, Record
from grading.transcript.payload import (
    RECEIVES,
    SENDS,
    address_in,
    length_of,
    payload_of,
    returned_address,
    target_of,
)
from grading.transcript.sockets import Socket, Sockets

_LOOKED_AT = 50  # receives that a datagram may be one of: more are only in a record that was made up
_LONGEST_RUN = 1e9  # seconds: times beyond it are made up


@dataclass
class Act:
    """One call of a conversation, with what is known of the message that it carried."""

    lane: int
    """0: the server's, 1: the client's."""
    call: Call
    at: float
    until: float | None
    data: bytes | None
    length: int | None
    datagram: bool = False
    port: int | None = None
    """The client's own port."""
    partner: Act | None = None
    """The other end's call that took it."""

    @property
    def sends(self) -> bool:
        return self.call.name in SENDS and self.call.error is None and self.length is not None

    @property
    def receives(self) -> bool:
        return self.call.name in RECEIVES and self.call.error is None and self.length is not None


@dataclass
class _Known:
    """What is known of one open socket."""

    datagram: bool | None = None
    peer: int | None = None
    own: int | None = None


def acts_of(lane: int, record: Record) -> list[Act]:
    """Read the calls of one end."""
    sockets = Sockets(record.calls)
    known: defaultdict[Socket, _Known] = defaultdict(_Known)
    acts = []
    for call, sock, made in zip(record.calls, sockets.of_call, sockets.made_by, strict=True):
        source, target = address_in(returned_address(call)), target_of(call)
        _learn(known[sock], call, named=source is not None or target is not None)
        if made is not None:
            known[made] = _Known(datagram=False, peer=source[1] if source else None)
        named = target or source if known[sock].datagram or made is not None else None
        port = known[sock].own if lane else named[1] if named else known[sock].peer
        acts.append(_act(lane, record, call, port, datagram=bool(known[sock].datagram)))
    return acts


def _learn(sock: _Known, call: Call, *, named: bool) -> None:
    """Take what a call says of its socket."""
    if call.name == "socket":
        sock.datagram = any("SOCK_DGRAM" in arg for arg in call.args)
    elif sock.datagram is None and named and call.made is None:  # a counterpart's, whose making was not seen
        sock.datagram = True
    if call.name.startswith("connect") and call.args and (server := address_in(call.args[0])):
        sock.peer = server[1]
    if call.local is not None:
        sock.own = call.local[1]


def _act(lane: int, record: Record, call: Call, port: int | None, *, datagram: bool) -> Act:
    at = _time(record.started + call.seconds)
    until = None if call.until is None else _time(record.started + call.until)
    if record.full and until is None:  # whether it came back is not known
        until = at
    return Act(lane, call, at, until, payload_of(call), length_of(call), datagram, port)


def _time(seconds: float) -> float:
    return min(max(seconds, -_LONGEST_RUN), _LONGEST_RUN)


def match(acts: Sequence[Act]) -> None:
    """Give each message the call of the other end that took it, and each connect its accept."""
    accepts = {act.port: act for act in reversed(acts) if act.lane == 0 and act.call.made is not None}
    for act in acts:
        under_way = act.call.error is None or act.call.error.startswith("BlockingIOError")
        if act.lane == 1 and act.call.name.startswith("connect") and under_way and act.port is not None:
            act.partner = accepts.get(act.port)
    for lane in (0, 1):
        sends = [act for act in acts if act.lane == lane and act.sends]
        receives = [act for act in acts if act.lane != lane and act.receives]
        _match_datagrams([act for act in sends if act.datagram], [act for act in receives if act.datagram])
        streams: dict[int | None, _Stream] = {}
        for act in acts:
            if not act.datagram and (act.sends if act.lane == lane else act.receives):
                stream = streams.setdefault(act.port, _Stream())
                (stream.sends if act.lane == lane else stream.receives).append(act)
        for stream in streams.values():
            stream.match()


def _match_datagrams(sends: Sequence[Act], receives: Sequence[Act]) -> None:
    waiting: dict[int | None, list[Act]] = {}
    for act in receives:
        waiting.setdefault(act.port, []).append(act)
    for sent in sends:
        ports = list(waiting)[:_LOOKED_AT] if sent.port is None else [sent.port, None]
        for queue in (waiting.get(port, []) for port in ports):
            place = next((place for place, act in enumerate(queue[:_LOOKED_AT]) if _is_of(act, sent)), None)
            if place is not None:
                _meet(sent, queue.pop(place))
                break


def _is_of(received: Act, sent: Act) -> bool:
    """Whether a datagram that was received may be the one that was sent: whole, or cut by too small a buffer."""
    if received.until is None or received.until < sent.at:
        return False
    if received.data is None or sent.data is None:
        return received.length == sent.length
    return received.data == sent.data or (bool(received.data) and sent.data.startswith(received.data))


def _meet(sent: Act, received: Act) -> None:
    sent.partner = received
    if sent.length == received.length:  # what only one end's record has
        sent.data = received.data if sent.data is None else sent.data
        received.data = sent.data if received.data is None else received.data


@dataclass
class _Stream:
    """One direction of one connection."""

    sends: list[Act] = field(default_factory=list)
    receives: list[Act] = field(default_factory=list)

    def match(self) -> None:
        taken = _from_to(self.receives)
        received, (first, end) = next(taken, (None, (0, 0)))
        for sent, (begin, sent_end) in _from_to(self.sends):
            while received is not None and end <= begin:
                received, (first, end) = next(taken, (None, (0, 0)))
            if received is None:
                return
            sent.partner = received
            if (first, end) == (begin, sent_end):
                _meet(sent, received)


def _from_to(acts: Sequence[Act]) -> Iterator[tuple[Act, tuple[int, int]]]:
    """Give what of a stream each call carried: from which byte to which; those that carried none are left out."""
    place = 0
    for act in acts:
        length = act.length or 0
        if length and not any("MSG_PEEK" in arg for arg in act.call.args[1:]):
            yield act, (place, place + length)
            place += length
