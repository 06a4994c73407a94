"""Where two runs part: every difference has its sentence, and what is no mistake has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from grading.transcript import Call, Conversation, first_parting
from tests.talks import (
    CLIENT,
    OTHER,
    SERVER,
    TCP_RUN,
    UDP_RUN,
    accepted,
    answered,
    asks,
    bound,
    call,
    connected,
    gets,
    received,
    sends,
    takes,
    talk,
    welcoming,
)


def server(*calls: Call, end: str = "", replies: Sequence[Call] = ()) -> Conversation:
    """Run a UDP server that received a message."""
    notes = [(20.0, end)] if end else []
    started = [*bound(), received(b"hi", CLIENT, 2, 3.1)]
    return talk([*started, *calls], [asks(b"hi", CLIENT, 3), *replies], left=notes)


def client(*calls: Call, shows: str = "", end: str = "ends (exit status 0)") -> Conversation:
    """Run a UDP client."""
    made = call("socket", 20, 1, "'AF_INET'", "'SOCK_DGRAM'", line=4)
    notes = [(15.0, shows)] if shows else []
    witness = [call("bind", 3, 0, SERVER, port=12000), received(b"hi", CLIENT, 3, 3.1, line=None)]
    return talk(witness, [made, *calls], own=1, right=notes + ([(20.0, end)] if end else []))


def tcp(*calls: Call, end: str = "", clients: Sequence[Call] = ()) -> Conversation:
    """Run a TCP server."""
    return talk([*welcoming(), *calls], clients, left=[(20, end)] if end else [])


WAITS = call("recvfrom", 3, 9, "2048", gives=None, line=10)
ANSWERS = (answered(b"HI", CLIENT, 4), WAITS)
REPLY = gets(b"HI", CLIENT, 4.1)
RIGHT = server(*ANSWERS, replies=[REPLY])
ASKS = replace(asks(b"hi", CLIENT, 2), line=7)
GETS = call("recvfrom", 20, 4, "2048", gives=f"(b'HI', {SERVER})", until=5, line=8, port=40001)
RIGHT_CLIENT = client(ASKS, GETS, call("close", 20, 16, line=11), shows="prints 'HI'")
SERVES = (accepted(CLIENT, 2, 3.1), takes(b"hi", 4.1, line=12), sends(b"HI", 5, 4, 12000, line=13))
RIGHT_TCP = tcp(*SERVES, call("close", 4, 6, line=14), call("accept", 3, 7, gives=None, line=11))
PARTINGS: dict[str, tuple[Conversation, Conversation, str]] = {
    "ends early": (
        server(answered(b"HI", CLIENT, 4), end="ends (exit status 0)", replies=[REPLY]),
        RIGHT,
        "The reference calls recvfrom again here; your program ended.",
    ),
    "ends by an exception": (
        server(end="ends by NameError on line 12"),
        RIGHT,
        "The reference calls sendto here; your program ended by NameError on line 12.",
    ),
    "hangs elsewhere": (
        server(end="is still on line 11"),
        RIGHT,
        "The reference calls sendto here; your program is still on line 11.",
    ),
    "waits instead": (
        server(WAITS),
        RIGHT,
        "The reference calls sendto here; your program waits in recvfrom on line 10.",
    ),
    "calls another": (
        server(call("close", 3, 4, line=12), end="ends (exit status 0)"),
        RIGHT,
        "The reference calls sendto here; your program calls close on line 12.",
    ),
    "raises": (
        server(call("sendto", 3, 4, "'HI'", CLIENT, error="TypeError: bytes wanted", line=12)),
        RIGHT,
        "The reference's sendto works here; yours on line 12 raises TypeError: bytes wanted.",
    ),
    "sends something else": (
        server(answered(b"hi", CLIENT, 4), WAITS),
        RIGHT,
        "The reference sends b'HI' here; your program on line 12 sends b'hi'.",
    ),
    "sends it twice": (
        server(answered(b"HI", CLIENT, 4), answered(b"HI", CLIENT, 5), WAITS, replies=[REPLY]),
        RIGHT,
        "The reference calls recvfrom again here; your program calls sendto on line 12.",
    ),
    "sends it elsewhere": (
        server(answered(b"HI", "('127.0.0.1', 9)", 4), WAITS),
        RIGHT,
        "The reference's sendto reaches the other end here; yours on line 12 goes to 127.0.0.1:9, nobody there.",
    ),
    "gets less": (
        talk([*bound(), received(b"h", CLIENT, 2, 3.1)], [asks(b"hi", CLIENT, 3)]),
        RIGHT,
        "The reference's recvfrom(2048) gives b'hi' here; your recvfrom(2048) on line 10 gives b'h'.",
    ),
    "binds another port": (
        talk([bound()[0], call("bind", 3, 1.1, "('', 1200)", line=8)], []),
        RIGHT,
        "The reference calls bind(('127.0.0.1', 12000)) here; your program calls bind(('', 1200)) on line 8.",
    ),
    "makes another kind of socket": (
        talk([call("socket", 3, 1, "'AF_INET'", "'SOCK_STREAM'", line=7)], []),
        RIGHT,
        (
            "The reference calls socket(AF_INET, SOCK_DGRAM) here; "
            "your program calls socket(AF_INET, SOCK_STREAM) on line 7."
        ),
    ),
    "goes to another port": (
        client(replace(ASKS, args=("b'hi'", "('localhost', 9)")), GETS, shows="prints 'HI'"),
        RIGHT_CLIENT,
        (
            f"The reference calls sendto(b'hi', {SERVER}) here; "
            "your program calls sendto(b'hi', ('localhost', 9)) on line 7."
        ),
    ),
    "goes to another machine": (
        client(replace(ASKS, args=("b'hi'", "('server.example.org', 12000)")), GETS, shows="prints 'HI'"),
        RIGHT_CLIENT,
        (
            f"The reference calls sendto(b'hi', {SERVER}) here; "
            "your program calls sendto(b'hi', ('server.example.org', 12000)) on line 7."
        ),
    ),
    "shows nothing": (
        client(ASKS, GETS),
        RIGHT_CLIENT,
        "The reference prints 'HI' here; your program prints nothing.",
    ),
    "ends before it shows anything": (
        client(ASKS, GETS, end="ends by TypeError on line 9"),
        RIGHT_CLIENT,
        "The reference prints 'HI' here; your program ended by TypeError on line 9.",
    ),
    "shows another text": (
        client(ASKS, GETS, shows="prints 'answer: hi'"),
        RIGHT_CLIENT,
        "The reference prints 'HI' here; your program prints 'answer: hi'.",
    ),
    "shows bytes": (
        client(ASKS, GETS, shows="prints \"b'HI'\""),
        RIGHT_CLIENT,
        "The reference prints 'HI' here; your program prints \"b'HI'\".",
    ),
    "ends by an exception at last": (
        client(ASKS, GETS, shows="prints 'HI'", end="ends by TypeError on line 12"),
        RIGHT_CLIENT,
        "The reference ends by itself; your program ended by TypeError on line 12.",
    ),
    "does not end": (
        client(ASKS, GETS, shows="prints 'HI'", end="is still on line 14"),
        RIGHT_CLIENT,
        "The reference ends here; your program is still on line 14.",
    ),
    "goes on when all is done": (
        client(ASKS, GETS, replace(GETS, result=None, until=None, line=12, seconds=18), shows="prints 'HI'", end=""),
        RIGHT_CLIENT,
        "The reference is done here; your program waits in recvfrom on line 12.",
    ),
    "closes too early": (
        client(ASKS, call("close", 20, 3, line=8), call("recvfrom", -1, 4, "2048", error="OSError: x", line=9)),
        RIGHT_CLIENT,
        "The reference calls recvfrom here; your program calls close on line 8.",
    ),
    "binds, as a client": (
        client(call("bind", 20, 1.5, "('', 5005)", line=5), ASKS, GETS, shows="prints 'HI'"),
        RIGHT_CLIENT,
        "The reference lets the system choose its port; your program calls bind(('', 5005)) on line 5.",
    ),
    "closes the other socket": (
        tcp(*SERVES, call("close", 3, 6, line=14), call("accept", -1, 7, error="OSError: x", line=11)),
        RIGHT_TCP,
        "The reference calls close on connection 1 here; your program calls close on line 14, on the welcoming socket.",
    ),
    "never closes": (
        tcp(*SERVES, call("accept", 3, 7, gives=None, line=11)),
        RIGHT_TCP,
        "The reference calls close here; your program waits in accept on line 11.",
    ),
    "waits for the rest of a stream": (
        tcp(*SERVES[:2], call("recv", 4, 5, "1024", gives=None, line=12)),
        RIGHT_TCP,
        "The reference calls send here; your program waits in recv on line 12.",
    ),
    "sends a stream twice": (
        tcp(*SERVES, sends(b"HI", 5.5, 4, 12000, line=14)),
        RIGHT_TCP,
        "The reference sends b'HI' here; your program on line 14 sends b'HIHI' in 2 calls.",
    ),
    "several at a time, and one to the wrong client": (
        tcp(
            accepted(CLIENT, 2, 3.1),
            accepted(OTHER, 3.2, 3.3, made=5),
            takes(b"hi", 4.1, line=12),
            sends(b"HI", 5, 5, 12000, line=13),
        ),
        RIGHT_TCP,
        "The reference calls send on connection 1 here; your program calls send on line 13, on connection 2.",
    ),
}


class TestPartings:
    @pytest.mark.parametrize("own, reference, said", PARTINGS.values(), ids=PARTINGS)
    def test_are_said_in_a_sentence(self, own: Conversation, reference: Conversation, said: str) -> None:
        parting = first_parting(own, reference)
        assert parting is not None
        assert parting.said == said

    def test_name_the_steps(self) -> None:
        own, reference, _ = PARTINGS["sends something else"]
        parting = first_parting(own, reference)
        assert parting is not None
        assert parting.step is not None
        assert parting.reference is not None
        assert own.steps[parting.step].text == f"sendto(b'hi', {CLIENT})"
        assert reference.steps[parting.reference].text == f"sendto(b'HI', {CLIENT})"

    @pytest.mark.parametrize(
        "run", [RIGHT, RIGHT_CLIENT, RIGHT_TCP, UDP_RUN, TCP_RUN], ids=["udp", "client", "tcp", "udp run", "tcp run"]
    )
    def test_are_none_where_the_runs_are_the_same(self, run: Conversation) -> None:
        assert first_parting(run, run) is None
        assert first_parting(run.marking(10), run) is None


SEES_THE_END = [connected(CLIENT, 3), sends(b"hi", 4), call("recv", 20, 6.5, "65536", gives="b''", port=40001)]
FAIR: dict[str, tuple[Conversation, Conversation]] = {
    "sendall": (tcp(*SERVES[:2], replace(SERVES[2], name="sendall", result="None")), RIGHT_TCP),
    "recvfrom on TCP": (
        tcp(SERVES[0], replace(SERVES[1], name="recvfrom", result="(b'hi', None)"), SERVES[2]),
        RIGHT_TCP,
    ),
    "a stream in pieces": (
        tcp(SERVES[0], takes(b"h", 4.1), takes(b"i", 4.2), sends(b"H", 5, 4, 12000), sends(b"I", 5.1, 4, 12000)),
        RIGHT_TCP,
    ),
    "one that reads until the client has closed": (
        tcp(*SERVES, takes(b"", 5.5), call("close", 4, 6), call("accept", 3, 7, gives=None)),
        RIGHT_TCP,
    ),
    "a shutdown before the close": (
        tcp(*SERVES, call("shutdown", 4, 5.5, "2"), call("close", 4, 6), call("accept", 3, 7, gives=None)),
        RIGHT_TCP,
    ),
    "closing twice": (
        tcp(*SERVES, call("close", 4, 6), call("close", -1, 6.1), call("accept", 3, 7, gives=None)),
        RIGHT_TCP,
    ),
    "a socket that was only tried": (
        tcp(call("socket", 9, 0.5, "'AF_INET6'", "'SOCK_STREAM'"), call("close", 9, 0.6), *SERVES),
        RIGHT_TCP,
    ),
    "a time limit that ran out": (
        tcp(call("accept", 3, 1.5, error="TimeoutError: timed out"), *SERVES),
        RIGHT_TCP,
    ),
    "several at a time": (
        tcp(
            accepted(CLIENT, 2, 3.1),
            call("accept", 3, 3.2, gives=None),
            takes(b"hi", 4.1),
            sends(b"HI", 5, 4, 12000),
            call("close", 4, 6),
        ),
        RIGHT_TCP,
    ),
    "a close by the library, as the client saw": (
        tcp(*SERVES, call("accept", 3, 7, gives=None), clients=SEES_THE_END),
        RIGHT_TCP,
    ),
    "the same, several at a time": (
        tcp(SERVES[0], call("accept", 3, 3.2, gives=None), *SERVES[1:], end="is still on line 9", clients=SEES_THE_END),
        RIGHT_TCP,
    ),
    "having come further": (RIGHT, server(ANSWERS[0], replies=[REPLY])),
    "a call that was under way when it was looked at": (
        server(replace(ANSWERS[0], result=None, until=None), replies=[REPLY]),
        RIGHT,
    ),
    "every interface": (
        talk(
            [bound()[0], call("bind", 3, 1.1, "('', 12000)", port=12000), received(b"hi", CLIENT, 2, 3.1), *ANSWERS],
            [asks(b"hi", CLIENT, 3), REPLY],
        ),
        RIGHT,
    ),
    "not having come that far": (server(), RIGHT),
    "not answering an empty message": (
        talk([*bound(), received(b"", CLIENT, 2, 3.1)], [asks(b"", CLIENT, 3)]),
        talk([*bound(), received(b"", CLIENT, 2, 3.1), answered(b"", CLIENT, 4)], [asks(b"", CLIENT, 3)]),
    ),
    "a connected UDP socket": (
        client(
            call("connect", 20, 1.5, SERVER, port=40001),
            call("send", 20, 2, "b'hi'", gives="2", port=40001),
            call("recv", 20, 4, "9", gives="b'HI'", until=5, port=40001),
            shows="prints 'HI'",
        ),
        RIGHT_CLIENT,
    ),
    "a newline that goes with the line": (
        client(replace(ASKS, args=("b'hi\\n'", SERVER), result="3"), GETS, shows="prints 'HI'"),
        RIGHT_CLIENT,
    ),
    "no close in a client": (client(ASKS, GETS, shows="prints 'HI'"), RIGHT_CLIENT),
    "text around the answer": (client(ASKS, GETS, shows="prints 'Antwort: HI!'"), RIGHT_CLIENT),
    "bytes, and then the text": (client(ASKS, GETS, shows="prints \"b'HI'\\\\nHI\""), RIGHT_CLIENT),
    "an EOFError after the answer": (
        client(ASKS, GETS, shows="prints 'HI'", end="ends by EOFError on line 5"),
        RIGHT_CLIENT,
    ),
    "another name of this machine": (
        client(replace(ASKS, args=("b'hi'", "('192.168.0.7', 12000)")), GETS, shows="prints 'HI'"),
        RIGHT_CLIENT,
    ),
    "a port that the system chooses": (
        client(call("bind", 20, 1.5, "('', 0)", port=40001), ASKS, GETS, shows="prints 'HI'"),
        RIGHT_CLIENT,
    ),
}


class TestWhatIsNoMistake:
    @pytest.mark.parametrize("own, reference", FAIR.values(), ids=FAIR)
    def test_is_no_parting(self, own: Conversation, reference: Conversation) -> None:
        assert first_parting(own, reference) is None
