"""A conversation as people see it: text for a terminal, SVG for a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from grading.transcript import Conversation, Step, first_parting
from grading.transcript.svg import draw as draw_svg
from grading.transcript.text import draw
from tests.talks import (
    CLIENT,
    OTHER,
    QUICK,
    TCP_RUN,
    UDP_RUN,
    accepted,
    answered,
    asks,
    bound,
    call,
    connected,
    parsed,
    received,
    sends,
    takes,
    talk,
    welcoming,
)

UDP_TEXT = """\
      your server                                the client
    7 socket(AF_INET, SOCK_DGRAM)
    8 bind(('127.0.0.1', 12000))
      prints 'ready'
   10 recvfrom(2048) waits
      recvfrom gives b'hello' from   ◀─────      sendto(b'hello', ('127.0.0.1',
        ('127.0.0.1', 40001)                       12000))
✗  12 sendto(b'HELLO', ('127.0.0.1', ─────▶      recv(65536): b'HELLO'
        40001))
   10 recvfrom(2048) waits
"""
TCP_TEXT = """\
      your server                                the client
      welcoming socket =
        socket(AF_INET, SOCK_STREAM)
      welcoming socket:
        bind(('127.0.0.1', 12000))
      welcoming socket: listen(1)
                                               4 socket(AF_INET, SOCK_STREAM)
      welcoming socket: accept():    ◀─────    5 connect(('127.0.0.1', 12000))
        connection 1, from
        ('127.0.0.1', 40001)
                                                 typed 'hello'
      connection 1: recv(1024):      ◀─────    7 send(b'hello')
        b'hello'
                                               8 recv(1024) waits
      connection 1: send(b'HELLO')   ─────▶      recv gives b'HELLO'
                                              10 close()
✗                                                ends (exit status 0)
      connection 1: send(b'late'):    ────✗
        to the other end, which has
        ended
"""


class TestText:
    def test_of_a_udp_server(self) -> None:
        assert draw(UDP_RUN.marking(12)) == UDP_TEXT

    def test_of_a_tcp_client(self) -> None:
        assert draw(TCP_RUN.marking(None)) == TCP_TEXT

    def test_is_what_print_shows(self) -> None:
        assert str(UDP_RUN) == draw(UDP_RUN)

    def test_marks_nothing_where_nothing_is_marked(self) -> None:
        assert "✗" not in draw(UDP_RUN)

    def test_marks_a_call_that_waited_where_it_came_back(self) -> None:
        marked = replace(UDP_RUN, steps=tuple(replace(s, marked=i == 3) for i, s in enumerate(UDP_RUN.steps)))
        assert [line[:32] for line in draw(marked).splitlines() if line.startswith("✗")] == [
            "✗     recvfrom gives b'hello' fr"
        ]

    def test_marks_a_call_that_waits_for_ever_where_it_began(self) -> None:
        told = UDP_RUN.marking(None)
        assert [line for line in draw(told).splitlines() if line.startswith("✗")] == ["✗  10 recvfrom(2048) waits"]
        assert draw(told).endswith("✗  10 recvfrom(2048) waits\n")

    def test_does_not_show_a_message_before_it_was_sent_in_full(self) -> None:
        told = talk(
            [*welcoming(), accepted(CLIENT, 2, 3.1), takes(b"onetwo", 3.2, 6.1)],
            [connected(CLIENT, 3), sends(b"one", 4), sends(b"two", 6)],
        )
        rows = [line for line in draw(told).splitlines() if "◀" in line]
        assert [("onetwo" in row or "recv gives" in row) for row in rows[1:]] == [False, True]

    def test_of_ascii_alone_has_nothing_else(self) -> None:
        long = b"x" * 900
        told = talk([*bound(), received(long, CLIENT, 2, 3.1), answered(b"X", OTHER, 4)], [asks(long, CLIENT, 3)])
        text = draw(told.marking(12), unicode=False)
        assert text.isascii()
        assert "<-----" in text
        assert "----x" in text
        assert "... b'" in text

    def test_of_ascii_alone_escapes_the_rest(self) -> None:
        told = talk([], [], left=[(1, "prints '你好'")])
        assert "prints '\\u4f60\\u597d'" in draw(told, unicode=False)

    def test_keeps_its_columns_beside_wide_characters(self) -> None:
        wide = replace(received(b"hi", CLIENT, 4.1, 4.1), args=("'请'",))
        told = talk(
            [*bound(), received(b"hi", CLIENT, 3.1, 3.1), wide],
            [asks(b"hi", CLIENT, 3), asks(b"hi", CLIENT, 4)],
            left=[(1.5, f"prints '{'请' * 40}'")],
        )
        widths = [[2 if char == "请" else 1 for char in row] for row in draw(told).splitlines()]
        assert max(map(sum, widths)) <= 80
        arrows = [row.partition("◀")[0] for row in draw(told).splitlines() if "◀" in row]
        assert ["请" in before for before in arrows] == [False, True]
        assert len(arrows[0]) == len(arrows[1]) + 1


TEXT = st.text(max_size=60) | st.sampled_from(
    ["", "b'x'", "</text><script>", "\x1b[31m", "]]>", "\ud800", "￿", "&amp;"]
)
STEPS = st.builds(
    Step,
    lane=st.integers(0, 1),
    at=st.floats(0, 5),
    name=st.sampled_from(["", "recv", "send", "accept", "socket", "close"]) | TEXT,
    text=TEXT | st.text(max_size=300),
    socket=TEXT,
    line=st.none() | st.integers(1, 99_999),
    until=st.none() | st.floats(0, 5),
    result=TEXT,
    error=TEXT,
    data=TEXT,
    partner=st.none() | st.integers(-2, 9),
    to=TEXT,
    marked=st.booleans(),
)
CONVERSATIONS = st.builds(
    Conversation,
    lanes=st.tuples(TEXT, TEXT),
    steps=st.lists(STEPS, max_size=8).map(lambda steps: tuple(sorted(steps, key=lambda step: step.at))),
    own=st.integers(0, 1),
    left_out=st.sampled_from([0, 0, 7]),
)
XML = "{http://www.w3.org/2000/svg}"


class TestAnyConversation:
    @given(CONVERSATIONS, st.integers(20, 200), st.booleans())
    @QUICK
    def test_fits_the_width_and_harms_no_terminal(self, told: Conversation, width: int, unicode: bool) -> None:  # noqa: FBT001  drawn by hypothesis
        text = draw(told, width, unicode=unicode)
        assert text.endswith("\n")
        for line in text.splitlines():
            assert len(line) <= max(width, 60)
            assert line.isprintable()
        assert unicode or text.isascii()

    @given(CONVERSATIONS)
    @QUICK
    def test_marks_no_more_than_the_steps_that_are_marked(self, told: Conversation) -> None:
        marks = [line for line in draw(told).splitlines() if line.startswith("✗")]
        assert len(marks) <= sum(step.marked for step in told.steps)
        assert not marks or any(step.marked for step in told.steps)

    @given(CONVERSATIONS)
    @QUICK
    def test_is_an_svg_that_stands_by_itself(self, told: Conversation) -> None:
        text = draw_svg(told)
        root = parsed(text)
        assert root.tag == f"{XML}svg"
        assert {each.tag.removeprefix(XML) for each in root.iter()} <= {
            *("svg", "title", "style", "rect", "line", "text", "circle", "polygon")
        }
        assert not re.search(
            r"https?:(?!//www\.w3\.org/2000/svg)|href|url\(|@import|javascript:", text.partition("<text")[0]
        )
        for each in root.iter():
            assert not [name for name in each.attrib if name.startswith("on") or "href" in name]

    @given(CONVERSATIONS)
    @QUICK
    def test_is_the_same_after_a_trip_through_json(self, told: Conversation) -> None:
        text = json.dumps(told.to_json(), allow_nan=False)
        assert Conversation.from_json(json.loads(text)) == told

    @given(CONVERSATIONS, CONVERSATIONS, st.none() | st.integers(1, 20))
    @QUICK
    def test_is_compared_and_marked_whatever_it_holds(
        self, one: Conversation, other: Conversation, line: int | None
    ) -> None:
        marked = one.marking(line)
        mine = [step for step in marked.steps if step.lane == one.own]
        assert sum(step.marked for step in marked.steps) == bool(mine)
        parting = first_parting(one, replace(other, own=one.own))
        assert parting is None or parting.said.startswith("The reference")

    @given(CONVERSATIONS)
    @QUICK
    def test_does_not_part_from_itself(self, told: Conversation) -> None:
        assert first_parting(told, told) is None


def texts_of(svg: str) -> list[ET.Element]:
    return [each for each in parsed(svg).iter(f"{XML}text") if each.get("text-anchor") != "middle"]


class TestSvg:
    def test_is_an_image_with_a_title(self) -> None:
        root = parsed(UDP_RUN._repr_svg_())
        assert root.get("role") == "img"
        assert root.findtext(f"{XML}title") == "your server and the client: what they said to each other"

    def test_has_colours_for_the_light_and_for_the_dark(self) -> None:
        style = parsed(draw_svg(UDP_RUN)).findtext(f"{XML}style") or ""
        assert "prefers-color-scheme: dark" in style
        for scheme in schemes(style):
            papers = [scheme["paper"], scheme["tint"]]
            for paper in papers:
                for ink in ("ink", "bad", "soft"):
                    assert contrast(scheme[ink], paper) >= 4.5, (ink, paper)
            for line in ("wait", "go", "bad"):
                assert contrast(scheme[line], scheme["paper"]) >= 3

    def test_styles_nothing_but_itself(self) -> None:
        style = parsed(draw_svg(UDP_RUN)).findtext(f"{XML}style") or ""
        rules = [rule.strip() for rule in re.findall(r"([^{}]+)\{", style)]
        assert rules
        assert [rule for rule in rules if not rule.startswith((".conversation", "@media"))] == []
        assert parsed(draw_svg(UDP_RUN)).get("class") == "conversation"

    def test_keeps_every_text_in_its_own_lane(self) -> None:
        told = talk(
            [*bound(), received(b"x" * 900, CLIENT, 2, 3.1), call("y" * 40, 3, 4, "z" * 200)],
            [asks(b"x" * 900, CLIENT, 3)],
            left=[(5, "prints " + "w" * 300), (7, "\x1b" * 200)],
            right=[(6, "prints '" + "请" * 200)],
        )
        for each in texts_of(draw_svg(told)):
            text, x = each.text or "", float(each.get("x", ""))
            width = 7.3 * sum(2 if char == "请" else 1 for char in text)
            if each.get("text-anchor") == "end":
                assert 0 <= x - width < x < 320
            else:
                assert 520 < x < x + width <= 840

    def test_has_no_text_over_another(self) -> None:
        lanes: dict[str, list[float]] = {"end": [], "start": []}
        numbers = re.compile(r"\d+")
        for each in texts_of(draw_svg(TCP_RUN)):
            if not numbers.fullmatch(each.text or ""):
                lanes[each.get("text-anchor", "")].append(float(each.get("y", "")))
        for heights in lanes.values():
            assert all(two - one >= 16 for one, two in pairwise(heights))

    def test_shows_a_wait_from_where_it_began_to_where_it_came_back(self) -> None:
        root = parsed(draw_svg(UDP_RUN))
        lines = [each for each in root.iter(f"{XML}line") if each.get("class") == "wait"]
        heights = [float(each.get("cy", "")) for each in root.iter(f"{XML}circle")]
        first, last = ((float(each.get("y1", "")), float(each.get("y2", ""))) for each in lines)
        assert first[0] in heights
        assert first[1] in heights
        assert last[1] > max(heights)  # it never came back

    def test_shows_what_arrived_and_what_was_lost(self) -> None:
        told = talk([*bound(), received(b"hi", CLIENT, 2, 3.1), answered(b"HI", OTHER, 4)], [asks(b"hi", CLIENT, 3)])
        root = parsed(draw_svg(told))
        kinds = [each.get("class") for each in root.iter(f"{XML}line")]
        assert (kinds.count("go"), kinds.count("lost")) == (1, 1)

    def test_stresses_the_step_that_is_marked(self) -> None:
        def bad(told: Conversation) -> list[str | None]:
            return [each.text for each in parsed(draw_svg(told)).iter(f"{XML}text") if each.get("class") == "bad"]

        assert bad(UDP_RUN) == []
        assert bad(UDP_RUN.marking(8)) == ["bind(('127.0.0.1', 12000))"]

    def test_shows_markup_and_controls_as_text(self) -> None:
        told = talk([], [], left=[(1, "prints '</text><script>alert(1)</script>\x1b[2J\ud800\ufffe'")])
        text = draw_svg(told)
        assert "<script" not in text
        assert "\x1b" not in text
        shown = "".join(each.text or "" for each in texts_of(text))
        assert "</text><script>alert(1)</script>\\x1b[2J\\ud800\\ufffe" in shown


def schemes(style: str) -> list[dict[str, str]]:
    light, dark = (dict(re.findall(r"--(\w+): (#\w{6})", part)) for part in style.split("@media", 1))
    assert light.keys() == dark.keys()
    return [light, dark]


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, as https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
