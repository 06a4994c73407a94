"""One run as a conversation: its sockets named, both ends merged, what was sent matched with where it arrived."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.transcript import Call, Conversation, Party, Record, converse, first_parting, read_record
from grading.transcript.merging import STEPS_AT_MOST
from grading.transcript.payload import address_in, first_difference, length_of, payload_of, short
from grading.transcript.sockets import names_of
from grading.transcript.svg import draw as draw_svg
from grading.transcript.text import draw
from tests.talks import (
    CLIENT,
    OTHER,
    PORTS,
    QUICK,
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
    parsed,
    received,
    sends,
    takes,
    talk,
    welcoming,
)


def partners(conversation: Conversation) -> list[tuple[str, str]]:
    """Give each message with the call that took it."""
    steps = conversation.steps
    return [(step.text, steps[step.partner].text) for step in steps if step.partner is not None]


class TestSocketsAreNamed:
    def test_not_at_all_where_there_is_one(self) -> None:
        assert names_of([call("socket", 3, 1), call("bind", 3, 2), call("close", 3, 3)]) == [("", "")] * 3

    def test_by_what_they_are_used_for(self) -> None:
        calls = [
            call("socket", 3, 1),
            call("listen", 3, 2),
            call("accept", 3, 3, made=4),
            call("recv", 4, 4),
            call("socket", 5, 5),
        ]
        assert names_of(calls) == [
            ("welcoming socket", ""),
            ("welcoming socket", ""),
            ("welcoming socket", "connection 1"),
            ("connection 1", ""),
            ("socket", ""),
        ]

    def test_anew_when_a_descriptor_is_used_again(self) -> None:
        calls = [call("socket", 3, 1), call("listen", 3, 2)]
        for turn in (3, 4, 5):
            calls += [call("accept", 3, turn, made=4), call("recv", 4, turn + 0.1), call("close", 4, turn + 0.2)]
        assert [name for name, _ in names_of(calls) if name.startswith("connection")] == [
            *("connection 1",) * 2,
            *("connection 2",) * 2,
            *("connection 3",) * 2,
        ]

    def test_several_of_a_kind_by_number(self) -> None:
        calls = [call("socket", 3, 1), call("listen", 3, 2), call("socket", 4, 3), call("listen", 4, 4)]
        assert [name for name, _ in names_of(calls)] == ["welcoming socket 1"] * 2 + ["welcoming socket 2"] * 2

    def test_as_the_caller_says_where_that_is_known(self) -> None:
        calls = [call("sendto", 8, 1), call("sendto", 9, 2), call("recv", 8, 3)]
        assert [name for name, _ in names_of(calls, "client")] == ["client 1", "client 2", "client 1"]

    def test_connections_in_the_order_in_which_accept_came_back(self) -> None:
        calls = [
            call("socket", 3, 1),
            call("listen", 3, 2),
            call("accept", 3, 3, made=5, until=9),
            call("accept", 3, 4, made=4, until=5),
            call("recv", 4, 6),
        ]
        assert [made for _, made in names_of(calls) if made] == ["connection 2", "connection 1"]
        assert names_of(calls)[-1] == ("connection 1", "")

    @pytest.mark.parametrize(
        "late, name",
        [
            ("accept", "welcoming socket"),  # only that one of those closed did listen
            ("recv", "closed socket"),  # either of them
        ],
    )
    def test_after_their_close_where_it_can_be_known(self, late: str, name: str) -> None:
        calls = [
            call("socket", 3, 1),
            call("listen", 3, 2),
            call("accept", 3, 3, made=4),
            call("close", 4, 4),
            call("close", 3, 5),
            call(late, -1, 6, error="OSError: [Errno 9] Bad file descriptor"),
        ]
        assert names_of(calls)[-1] == (name, "")

    def test_the_only_one_keeps_its_silence_after_its_close(self) -> None:
        assert (
            names_of([call("socket", 3, 1), call("close", 3, 2), call("recv", -1, 3, error="OSError")])
            == [("", "")] * 3
        )

    def test_what_nobody_made_here_is_a_socket_of_its_own(self) -> None:
        calls = [call("socket", 3, 1), call("listen", 3, 2), call("send", 9, 3)]
        assert names_of(calls)[-1] == ("socket", "")

    def test_in_a_child_process_as_in_its_parent(self) -> None:
        parent, one, two = 0, 71, 72
        calls = [
            call("socket", 3, 1),
            call("listen", 3, 2),
            call("accept", 3, 3, made=4),
            call("close", 4, 4),
            call("accept", 3, 5, made=4),
            call("recv", 4, 6, process=one),
            call("close", 4, 7, process=parent),
            call("recv", 4, 8, process=two),
            call("send", 4, 9, process=one),
        ]
        names = [name for name, _ in names_of(calls)]
        assert [names[5], names[7], names[8]] == ["connection 1", "connection 2", "connection 1"]

    def test_a_close_that_failed_closes_nothing(self) -> None:
        calls = [call("socket", 3, 1), call("close", 3, 2, error="TypeError: …"), call("send", 3, 3)]
        assert names_of(calls) == [("", "")] * 3


class TestMergingIsInTheOrderOfTime:
    def test_of_both_ends_and_of_notes(self) -> None:
        told = talk(
            [*bound(1), received(b"hi", CLIENT, 2, 3.1)],
            [asks(b"hi", CLIENT, 3)],
            left=[(1.5, "prints 'ready'")],
            right=[(2.5, "typed 'hi'")],
        )
        assert [(step.lane, step.name or step.text) for step in told.steps] == [
            (0, "socket"),
            (0, "bind"),
            (0, "prints 'ready'"),
            (0, "recvfrom"),
            (1, "typed 'hi'"),
            (1, "sendto"),
        ]
        assert told.steps[0].at == 0
        assert [step.at for step in told.steps] == pytest.approx([0, 0.1, 0.5, 1, 1.5, 2])

    def test_on_the_clock_that_both_processes_share(self) -> None:
        left = Party("a", Record((call("socket", 3, 0.5),), started=100.0))
        right = Party("b", Record((call("connect", 3, 0.1, SERVER),), started=100.2))
        assert [step.name for step in converse(left, right).steps] == ["connect", "socket"]

    def test_of_nothing_is_nothing(self) -> None:
        empty = talk([], [])
        assert empty.steps == ()
        assert empty.marking(3) == empty
        assert first_parting(empty, empty) is None

    def test_the_program_that_it_is_about_may_be_either(self) -> None:
        assert [talk([], [], own=own).own for own in (0, 1)] == [0, 1]

    def test_calls_of_a_full_record_may_have_come_back(self) -> None:
        record = Record((call("recv", 3, 1, gives=None),), full=True)
        assert converse(Party("a", record), Party("b", Record())).steps[0].until is not None


class TestDatagramsAreMatched:
    def test_in_order_where_two_are_the_same(self) -> None:
        told = talk(
            [*bound(), received(b"hi", CLIENT, 2, 3.2), received(b"hi", CLIENT, 3.3, 4.2)],
            [asks(b"hi", CLIENT, 3), asks(b"hi", CLIENT, 4)],
        )
        places = [step.partner for step in told.steps if step.name == "sendto"]
        assert [told.steps[place].until for place in places if place is not None] == pytest.approx([2.2, 3.2])

    def test_by_client_where_two_say_the_same(self) -> None:
        told = talk(
            [
                *bound(),
                received(b"hi", CLIENT, 2, 3.2),
                received(b"hi", OTHER, 3.3, 3.4),
                answered(b"HI", OTHER, 5),
                answered(b"HI", CLIENT, 5.1),
            ],
            [
                asks(b"hi", OTHER, 3, fd=21),
                asks(b"hi", CLIENT, 3.1),
                gets(b"HI", CLIENT, 6),
                gets(b"HI", OTHER, 6.1, fd=21),
            ],
        )
        steps = told.steps
        pairs = {
            (step.socket or step.text, steps[step.partner].socket or steps[step.partner].result)
            for step in steps
            if step.partner is not None
        }
        assert pairs == {
            ("socket 1", f"b'hi' from {OTHER}"),
            ("socket 2", f"b'hi' from {CLIENT}"),
            (f"sendto(b'HI', {OTHER})", "socket 1"),
            (f"sendto(b'HI', {CLIENT})", "socket 2"),
        }

    def test_not_before_they_were_sent(self) -> None:
        told = talk([*bound(), received(b"hi", CLIENT, 2, 3)], [asks(b"hi", CLIENT, 4)])
        assert partners(told) == []

    def test_also_when_they_are_empty(self) -> None:
        told = talk([*bound(), received(b"", CLIENT, 2, 3.1)], [asks(b"", CLIENT, 3)])
        assert partners(told) == [(f"sendto(b'', {SERVER})", "recvfrom(2048)")]
        assert told.steps[2].result == f"b'' from {CLIENT}"

    def test_also_when_the_buffer_was_too_small(self) -> None:
        told = talk([*bound(), received(b"he", CLIENT, 2, 3.1)], [asks(b"hello", CLIENT, 3)])
        assert partners(told) == [(f"sendto(b'hello', {SERVER})", "recvfrom(2048)")]

    def test_also_when_they_were_read_into_a_buffer(self) -> None:
        into = call("recvfrom_into", 3, 2, "<memoryview of 2048 bytes>", gives=f"(5, {CLIENT})", until=3.1, port=12000)
        told = talk([*bound(), into], [asks(b"hello", CLIENT, 3)])
        assert partners(told) == [(f"sendto(b'hello', {SERVER})", "recvfrom_into(room for 2048 bytes)")]
        assert told.steps[2].result == f"b'hello' from {CLIENT}"

    @pytest.mark.parametrize(
        "target, told",
        [
            (OTHER, "socket 1, which did not read it"),
            ("('127.0.0.1', 9999)", "127.0.0.1:9999, nobody there"),
            ("('', 9999)", "this machine:9999, nobody there"),
        ],
    )
    def test_and_those_that_nobody_received_say_where_they_went(self, target: str, told: str) -> None:
        sent = [*bound(), received(b"hi", CLIENT, 2, 3.1), answered(b"HI", target, 4)]
        run = talk(sent, [asks(b"hi", CLIENT, 3), call("bind", 21, 1, port=PORTS[OTHER])])
        assert [step.to for step in run.steps if step.lane == 0 and step.to] == [told]

    def test_and_say_when_their_target_had_ended(self) -> None:
        told = talk(
            [*bound(), received(b"hi", CLIENT, 2, 3.1), answered(b"HI", CLIENT, 4)],
            [asks(b"hi", CLIENT, 3), gets(b"HI", CLIENT, 5), asks(b"again", CLIENT, 6)],
            left=[(4.5, "ends (exit status 0)")],
        )
        assert told.steps[-1].to == "127.0.0.1:12000, nobody there any more"


class TestStreamsAreMatched:
    def run(self, left: list[Call], right: list[Call]) -> list[tuple[str, str]]:
        told = talk([*welcoming(), accepted(CLIENT, 2, 3.1), *left], [connected(CLIENT, 3), *right])
        return partners(told)[1:]

    def test_a_connect_with_its_accept(self) -> None:
        told = talk(
            [*welcoming(), accepted(OTHER, 2, 3.2), accepted(CLIENT, 3.3, 3.4, made=5)],
            [connected(CLIENT, 3), connected(OTHER, 3.1, fd=21)],
        )
        connects = {step.at: step.partner for step in told.steps if step.name == "connect"}
        assert [told.steps[place or 0].result for place in connects.values()] == [
            f"connection 2, from {CLIENT}",
            f"connection 1, from {OTHER}",
        ]

    def test_a_connect_that_was_never_accepted_says_so(self) -> None:
        told = talk(welcoming(), [connected(CLIENT, 3)])
        assert told.steps[-1].to == "a server that never accepted it"

    def test_two_sends_with_the_one_receive_that_took_both(self) -> None:
        assert self.run([takes(b"onetwo", 6)], [sends(b"one", 4), sends(b"two", 5)]) == [
            ("send(b'one')", "recv(1024)"),
            ("send(b'two')", "recv(1024)"),
        ]

    def test_one_send_with_the_first_of_the_receives_that_took_it(self) -> None:
        found = talk(
            [*welcoming(), accepted(CLIENT, 2, 3.1), takes(b"on", 6), takes(b"e", 7)],
            [connected(CLIENT, 3), sends(b"one", 4)],
        )
        assert [found.steps[step.partner].result for step in found.steps if step.name == "send" and step.partner] == [
            "b'on'"
        ]

    def test_900_bytes_in_two_pieces_and_what_comes_after_them(self) -> None:
        long = b"x" * 900
        told = talk(
            [*welcoming(), accepted(CLIENT, 2, 3.1), takes(long[:512], 5), takes(long[512:], 6), takes(b"y", 8)],
            [connected(CLIENT, 3), sends(long, 4), sends(b"y", 7)],
        )
        assert [told.steps[step.partner].at for step in told.steps if step.name == "send" and step.partner] == [4, 7]

    def test_what_was_never_read_says_so(self) -> None:
        told = talk([*welcoming(), accepted(CLIENT, 2, 3.1)], [connected(CLIENT, 3), sends(b"one", 4)])
        assert told.steps[-1].to == "the other end, which did not read it"

    def test_connections_do_not_mix(self) -> None:
        told = talk(
            [*welcoming(), accepted(CLIENT, 2, 3.1), accepted(OTHER, 3.2, 3.4, made=5), takes(b"one", 6, fd=5)],
            [connected(CLIENT, 3), connected(OTHER, 3.3, fd=21), sends(b"one", 4), sends(b"one", 5, 21, 40002)],
        )
        assert [step.partner is not None for step in told.steps if step.name == "send"] == [False, True]

    def test_what_a_file_reads_is_known_from_the_other_end(self) -> None:
        into = call("recv_into", 4, 5, "<memoryview of 8192 bytes>", gives="3", port=12000)
        told = talk([*welcoming(), accepted(CLIENT, 2, 3.1), into], [connected(CLIENT, 3), sends(b"one", 4)])
        assert told.steps[-1].result == "b'one'"

    def test_the_end_of_the_stream_is_called_so(self) -> None:
        told = talk([*welcoming(), accepted(CLIENT, 2, 3.1), takes(b"", 5)], [connected(CLIENT, 3)])
        assert told.steps[-1].result == "b'', the end of the stream"

    def test_only_what_was_taken_of_a_send_counts(self) -> None:
        partly = call("send", 20, 4, "b'hello'", gives="2", port=40001)
        told = talk([*welcoming(), accepted(CLIENT, 2, 3.1)], [connected(CLIENT, 3), partly])
        assert told.steps[-1].result == "only 2 bytes of 5"

    def test_a_long_message_of_which_the_record_has_the_ends_is_not_taken_for_cut(self) -> None:
        ends = f"{b'a' * 512!r}…{b'z' * 512!r} (60000 in all)"
        told = talk(
            [*welcoming(), accepted(CLIENT, 2, 3.1)],
            [connected(CLIENT, 3), call("send", 20, 4, ends, gives="60000", port=40001)],
        )
        assert told.steps[-1].result == ""
        assert "(60000 bytes)" in told.steps[-1].text
        assert "(60000 bytes)" in told.steps[-1].data


class TestRepetition:
    def test_is_folded_into_the_first_round(self) -> None:
        loop = [each for turn in range(50) for each in (takes(b"", 4 + turn), sends(b"", 4.5 + turn, 4, 12000))]
        told = talk([*welcoming(), accepted(CLIENT, 2, 3.1), *loop], [connected(CLIENT, 3)])
        assert [step.text for step in told.steps[-3:]] == ["recv(1024)", "send(b'')", "the same 49 times more"]

    def test_of_three_rounds_is_shown(self) -> None:
        told = talk([*bound(), *(received(b"x", CLIENT, 2 + turn, 2.5 + turn) for turn in range(3))], [])
        assert not any("times more" in step.text for step in told.steps)

    def test_of_different_messages_is_no_repetition(self) -> None:
        told = talk([*bound(), *(received(b"%d" % turn, CLIENT, 2 + turn, 2.5 + turn) for turn in range(9))], [])
        assert len(told.steps) == 11

    def test_of_both_ends_is_a_conversation(self) -> None:
        told = talk(
            [*bound(), *(received(b"x", CLIENT, 2 + turn, 2.5 + turn) for turn in range(9))],
            [asks(b"x", CLIENT, 2.2 + turn) for turn in range(9)],
        )
        assert len(told.steps) == 20

    def test_beyond_what_can_be_read_leaves_out_the_middle(self) -> None:
        told = talk([*bound(), *(received(b"%d" % turn, CLIENT, 2 + turn, 2.5 + turn) for turn in range(100))], [])
        assert len(told.steps) == STEPS_AT_MOST
        assert told.left_out == 102 - STEPS_AT_MOST
        assert [told.steps[place].result[:6] for place in (2, -1)] == ["b'0' f", "b'99' "]
        assert "42 more steps" in draw(told)
        assert "42 more steps" in draw_svg(told)


class TestMarking:
    """What stands in the drawing as the step at which it went wrong."""

    def server(self, *calls: Call, notes: tuple[tuple[float, str], ...] = (), line: int | None = None) -> str:
        told = talk(
            [*welcoming(), accepted(CLIENT, 2, 3.1), takes(b"hi", 3.9, 4.1, line=12), *calls],
            [connected(CLIENT, 3), sends(b"hi", 4), call("recv", 20, 5.5, "65536", gives="b'hI'", port=40001)],
            left=list(notes),
            right=[(9, "expects b'HI'")],
        ).marking(line)
        (step,) = (step for step in told.steps if step.marked)
        assert step.lane == 0
        return step.text

    def test_a_call_that_raised_and_was_the_last(self) -> None:
        failed = call("send", 4, 5, "'HI'", error="TypeError: …", line=14)
        assert self.server(failed, line=12) == "send('HI')"

    def test_the_end_by_an_exception_elsewhere(self) -> None:
        assert self.server(notes=((5, "ends by NameError on line 13"),), line=12) == "ends by NameError on line 13"

    def test_what_was_sent_on_the_line(self) -> None:
        assert self.server(sends(b"hI", 5, 4, 12000, line=14), call("close", 4, 6, line=14), line=14) == "send(b'hI')"

    def test_what_was_sent_after_a_line_that_made_it_wrong(self) -> None:
        waits = call("accept", 3, 7, gives=None, line=11)
        assert self.server(sends(b"hI", 5, 4, 12000, line=14), waits, line=13) == "send(b'hI')"

    def test_what_waits_on_the_line_rather_than_what_went_well_there(self) -> None:
        assert self.server(call("recv", 4, 5, "9", gives=None, line=12), line=12) == "recv(9)"

    def test_the_end_of_a_server_whose_line_went_well(self) -> None:
        answer = sends(b"HI", 5, 4, 12000, line=14)
        assert self.server(answer, notes=((6, "ends (exit status 0)"),), line=11) == "ends (exit status 0)"

    def test_what_waits_where_no_line_is_known(self) -> None:
        assert self.server(call("accept", 3, 7, gives=None, line=11)) == "accept()"

    def test_a_receive_that_got_only_part(self) -> None:
        told = talk(
            [*bound(), received(b"he", CLIENT, 2, 3.1), answered(b"HE", CLIENT, 4), received(b"x", OTHER, 5, 6)],
            [asks(b"hello", CLIENT, 3), gets(b"HE", CLIENT, 5)],
        ).marking(10)
        assert [step.result for step in told.steps if step.marked] == [f"b'he' from {CLIENT}"]

    def test_the_bind_that_uses_a_constant_of_an_earlier_line(self) -> None:
        told = talk([*bound(), call("recvfrom", 3, 2, "2048", gives=None, line=10)], []).marking(4)
        assert [step.name for step in told.steps if step.marked] == ["bind"]

    def test_what_a_client_printed(self) -> None:
        calls = [asks(b"hi", CLIENT, 3), replace(gets(b"HI", CLIENT, 5), line=11), call("close", 20, 7, line=13)]
        told = talk([], calls, own=1, right=[(2, "prints '>'"), (6, "prints b'HI'"), (8, "ends (exit status 0)")])
        assert [step.text for step in told.marking(12).steps if step.marked] == ["prints b'HI'"]

    def test_one_step_at_most(self) -> None:
        told = talk(bound(), []).marking(8).marking(7)
        assert [step.name for step in told.steps if step.marked] == ["socket"]


class TestPayload:
    @given(st.binary(max_size=2000), st.integers(24, 80), st.none() | st.integers(-1, 2100))
    @QUICK
    def test_is_short_and_never_hides_the_byte_that_matters(self, data: bytes, room: int, at: int | None) -> None:
        text = short(data, room, at)
        assert text.isprintable()
        assert len(text) <= room + 40
        shown = [payload(piece) for piece in re.findall(r"b'(?:[^'\\]|\\.)*'|b\"(?:[^\"\\]|\\.)*\"", text)]
        if shown == [data]:
            return
        assert data.startswith(shown[0])
        assert data.endswith(shown[-1])
        assert shown[0]
        assert shown[-1]
        if at is None or not 0 <= at < len(data):
            assert text.endswith(f"({len(data)} bytes)")
            return
        assert text.endswith(f"(byte {at + 1} of {len(data)} differs)")
        places = {*range(len(shown[0])), *range(len(data) - len(shown[-1]), len(data))}
        if len(shown) == 3:
            starts = [place for place in range(len(data)) if data.startswith(shown[1], place)]
            assert any(place <= at < place + len(shown[1]) for place in starts)
        else:
            assert at in places

    def test_shows_escapes_and_quotes_as_python_does(self) -> None:
        assert short(b"\x00'\"\n\xff", 60) == repr(b"\x00'\"\n\xff")

    def test_shows_a_message_that_is_a_little_too_long_whole(self) -> None:
        assert short(b"x" * 40, 40) == repr(b"x" * 40)

    def test_says_how_long_what_it_shortens_is(self) -> None:
        assert short(b"a" * 450 + b"z" * 450, 44) == "b'aaaaaaaaaaa' … b'zzzzzzzzzzz' (900 bytes)"
        assert short(b"a" * 512 + b"z" * 512, 44, length=60000).endswith("(60000 bytes)")

    def test_shows_no_byte_twice(self) -> None:
        assert short(b"ab", 44, length=9) == "b'ab' … b'' (9 bytes)"

    def test_shows_what_is_around_the_byte_that_matters(self) -> None:
        assert short(b"a" * 450 + b"!" + b"z" * 449, 44, 450) == (
            "b'aaaaa' … b'aa!zzzzzzzz' … b'zzzzz' (byte 451 of 900 differs)"
        )

    @pytest.mark.parametrize(
        "made, data, length",
        [
            (call("send", 3, 1, "b'hi'"), b"hi", 2),
            (call("send", 3, 1, "bytearray(b'hi')"), b"hi", 2),
            (call("send", 3, 1, "'hi'", error="TypeError"), None, None),
            (call("send", 3, 1, "<memoryview of 7 bytes>", gives="7"), None, 7),
            (call("sendall", 3, 1, "b'hi'"), b"hi", 2),
            (call("send", 3, 1, "b'hello'", gives="3"), b"hello", 3),
            (call("recv", 3, 1, "9", gives="b'it\\'s \"x\"'"), b'it\'s "x"', 8),
            (call("recvfrom", 3, 1, "9", gives=f"(b'hi', {CLIENT})"), b"hi", 2),
            (call("recvfrom", 3, 1, "9", gives="(b'hi', None)"), b"hi", 2),
            (call("recv", 3, 1, "9", gives=None), None, None),
            (call("recv_into", 3, 1, "<memoryview of 9 bytes>", gives="4"), None, 4),
            (call("recvfrom_into", 3, 1, "bytearray(b'')", gives=f"(4, {CLIENT})"), None, 4),
            (call("recv", 3, 1, "9", gives="b'ab'…b'yz' (5000 in all)"), b"ab ... yz", 5000),
            (call("recv", 3, 1, "9", gives="b'\\xzz'"), None, None),
            (call("recv", 3, 1, "9", gives="b'unfinished"), None, None),
            (call("close", 3, 1, "b'hi'"), None, None),
            (call("send", 3, 1), None, None),
        ],
    )
    def test_is_read_back_from_a_record(self, made: Call, data: bytes | None, length: int | None) -> None:
        assert (payload_of(made), length_of(made)) == (data, length)

    @pytest.mark.parametrize(
        "text, address",
        [
            (SERVER, ("127.0.0.1", 12000)),
            ("('::1', 12000, 0, 0)", ("::1", 12000)),
            ("('', 0)", ("", 0)),
            ("('localhost', '12000')", None),
            ("12000", None),
            ("('a', 1); ('b', 2)", None),
            (f"('{'x' * 300}', 1)", None),
        ],
    )
    def test_has_addresses_beside_it(self, text: str, address: tuple[str, int] | None) -> None:
        assert address_in(text) == address

    def test_differs_first_where_it_differs_first(self) -> None:
        assert first_difference(b"abc", b"abd") == 2
        assert first_difference(b"abc", b"ab") == 2
        assert first_difference(b"abc", b"abc") is None

    def test_that_is_not_what_was_expected_shows_where_in_the_drawing(self) -> None:
        right, wrong = b"A" * 900, b"A" * 500 + b"a" + b"A" * 399
        left = Party("s", Record((*bound(), answered(wrong, CLIENT, 2))))
        told = converse(left, Party("c", Record((gets(wrong, CLIENT, 3),))), right)
        assert all("AAa" in step.text + step.result for step in told.steps[2:])
        assert "byte 501 of 900 differs" in told.steps[2].data


def payload(text: str) -> bytes:
    found = payload_of(call("recv", 3, 1, gives=text))
    assert found is not None
    return found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
LITERALS = st.binary(max_size=40).map(repr)
NAMES = ("socket", "bind", "listen", "accept", "connect", "send", "sendto", "recv", "recvfrom", "recv_into", "close")
EVENTS = st.fixed_dictionaries(
    {"event": st.sampled_from(["call", "call", "return", "end", "line", "ended", "start"]), "id": st.integers(0, 4)},
    optional={
        "name": st.sampled_from(NAMES) | JSON,
        "fd": st.integers(-1, 6) | JSON,
        "args": st.lists(LITERALS | st.sampled_from([SERVER, CLIENT]) | JSON, max_size=3),
        "line": st.integers() | JSON,
        "at": st.floats(0, 3) | st.sampled_from([1.7e308, -1e300]) | JSON,
        "result": LITERALS | st.sampled_from([f"(b'x', {CLIENT})", "4"]) | JSON,
        "error": JSON,
        "made": st.integers(0, 6) | JSON,
        "local": st.just(["127.0.0.1", 12000]) | JSON,
    },
)


def said_of(record: bytes, other: bytes = b"") -> Conversation:
    """Tell, draw, compare and keep a conversation that a record was forged for; nothing of it grows beyond bounds."""
    parties = (Party("your program", read_record(record), own=True), Party("the other", read_record(other)))
    told = converse(*parties).marking(5)
    assert len(told.steps) <= STEPS_AT_MOST + 1
    assert len(json.dumps(told.to_json(), allow_nan=False)) < 400_000
    assert Conversation.from_json(json.loads(json.dumps(told.to_json()))) == told
    assert len(draw(told)) < 200_000
    assert len(ET.tostring(parsed(draw_svg(told)))) < 600_000
    first_parting(told, UDP_RUN)
    first_parting(TCP_RUN, told)
    return told


def events(*each: object) -> bytes:
    return b"\n".join(json.dumps(event).encode() for event in each)


def filled(name: str, fd: str = "same", result: str = "None", arg: str = "b'x'", process: str = "one") -> bytes:
    """Fill a record to its last byte with one call, over and over."""
    lines = []
    size = number = 0
    while size < 1 << 20:
        who = number << 32 if process == "each" else 0
        of = {"same": 3, "each": number, "closed": -1}[fd]
        about = {"id": who + number, "line": 5, "at": number / 1000}
        made = number + 4 if name == "accept" else None
        local = ["127.0.0.1", number % 60000 + 1]
        lines.append(json.dumps({"event": "call", **about, "name": name, "fd": of, "args": [arg, CLIENT]}))
        lines.append(json.dumps({"event": "return", **about, "result": result, "made": made, "local": local}))
        size += len(lines[-1]) + len(lines[-2]) + 2
        number += 1
    return "\n".join(lines).encode()


class TestAForgedRecord:
    @given(st.binary(max_size=200))
    @QUICK
    def test_of_any_bytes_is_told(self, record: bytes) -> None:
        assert said_of(record).lanes == ("your program", "the other")

    @given(st.lists(EVENTS | JSON, max_size=12), st.lists(EVENTS, max_size=6))
    @QUICK
    def test_of_any_events_is_told(self, left: list[object], right: list[object]) -> None:
        told = said_of(events(*left), events(*right))
        assert all(abs(step.at) <= 2e9 for step in told.steps)

    def test_with_times_beyond_all_measure_is_told(self) -> None:
        told = said_of(
            events(
                {"event": "start", "at": 1.7e308},
                {"event": "call", "id": 1, "name": "send", "fd": 3, "args": ["b'x'"], "line": 10**400, "at": 1.7e308},
                {"event": "call", "id": 2, "name": "send", "fd": 3, "args": ["b'x'"], "line": 6, "at": -1.7e308},
            )
        )
        assert [step.line for step in told.steps] == [6, None]

    @pytest.mark.parametrize(
        "record",
        [
            filled("sendto", arg=repr(b"y" * 40)),
            filled("accept", result=f"(x, {CLIENT})"),
            filled("recv", fd="each", process="each", result="b'x'"),
            filled("recv", fd="closed", result="b''"),
            events({"event": "call", "id": 1, "name": "x" * (1 << 20), "fd": 3, "args": [], "line": 1, "at": 0}),
            events({"event": "call", "id": 1, "name": "send", "fd": 3, "args": ["b'x'"] * 200_000, "line": 1, "at": 0}),
            events(
                {
                    "event": "call",
                    "id": 1,
                    "name": "send",
                    "fd": 3,
                    "args": ["b'" + "\\" * (1 << 20)],
                    "line": 1,
                    "at": 0,
                }
            ),
        ],
        ids=["sends", "accepts", "processes", "closed", "one name", "many arguments", "one argument"],
    )
    def test_that_is_full_is_told_in_few_words(self, record: bytes) -> None:
        assert len(record) >= 1 << 20
        said_of(record, events({"event": "call", "id": 1, "name": "recv", "fd": 3, "args": [], "line": 1, "at": 0}))

    def test_with_commands_for_a_terminal_shows_them(self) -> None:
        told = said_of(
            events(
                {"event": "call", "id": 1, "name": "\x1b[2Jsend", "fd": 3, "args": ["\x07</text>"], "line": 1, "at": 0}
            )
        )
        assert "\\x1b[2Jsend(\\x07</text>)" in draw(told)
        assert "\x1b" not in draw_svg(told)
