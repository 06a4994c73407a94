"""The pages of a class in a real browser: they work, fetch nothing, run nothing of a submission, and can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from grading.reports.pages import write_index, write_student
from grading.reports.rows import Row, row_of
from tests.synthetic_class import HOSTILE, OWNED, about, broken_off, changed, handed_in, not_graded, submission

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 30_000
"""Milliseconds for a page on a busy machine."""

CONTRASTS = """() => {
    // A canvas turns any colour that the browser knows into red, green, blue and opacity.
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (color) => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const luminance = (color) => {
        const parts = color.slice(0, 3).map((each) => each / 255);
        const [r, g, b] = parts.map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let here = element; here; here = here.parentElement) {
            const color = rgba(getComputedStyle(here).backgroundColor);
            if (color[3] === 1) { return color; }
            if (color[3] > 0) { throw new Error(`half a background: ${here.outerHTML.slice(0, 80)}`); }
        }
        throw new Error('no background');
    };
    const low = [];
    let seen = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || element.closest('script, style, .conversation, title')) { continue; }
        const style = getComputedStyle(element);
        const color = rgba(element.closest('svg') ? style.fill : style.color);
        const [light, dark] = [luminance(color), luminance(behind(element))].sort((a, b) => b - a);
        seen += 1;
        const ratio = (light + 0.05) / (dark + 0.05);
        if (ratio < 4.5) { low.push([ratio.toFixed(2), element.outerHTML.slice(0, 100)]); }
    }
    return { seen, low };
}"""
"""Texts whose colour is too near to what is behind them (WCAG 2, level AA), and how many texts there are."""


@dataclass(frozen=True)
class Course:
    """A class on the disk."""

    index: str
    students: dict[str, str]
    """Addresses of the students' pages by id."""

    def all(self) -> list[str]:
        return [self.index, *self.students.values()]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Write the pages of a class of eight."""
    base = tmp_path_factory.mktemp("graded")
    (base / "hostile").mkdir()
    (base / "hostile" / "udp_server.py").write_text(HOSTILE, encoding="utf-8")
    programs = {"udp_server": "no_loop", "udp_client": "prints_bytes", "tcp_client": "asks_for_ever"}
    failed = handed_in(submission(base / "failed", **programs), "12", "Zoë Ångström")
    right = handed_in(submission(base / "right"), "9", "Ada")
    long = "An-id-without-any-blank-" * 10
    results: list[dict[str, Any]] = [
        failed,
        right,
        handed_in(base / "hostile", "13", OWNED, "-k", "udp_server"),
        broken_off(right, "100", "Cy"),
        not_graded(right, "101", "Di", "missing", "On the roster, and handed in nothing."),
        not_graded(right, "102", "Ed", "unreadable", "no-zip-at-all-" * 20),
        changed(failed, "103", "x" * 200, notes=["n" * 300]),
    ]
    results[-1]["extra_data"]["student"]["id"] = long
    folder = tmp_path_factory.mktemp("course")
    (folder / "students").mkdir()
    rows: list[Row] = []
    for each in results:
        rows.append(row_of(each))
        write_student(folder / "students" / f"{rows[-1].file}.html", each)
    write_index(folder / "index.html", rows, about(strays=(OWNED, "s" * 300), notes=("A note.",)))
    addresses = {row.id: (folder / "students" / f"{row.file}.html").as_uri() for row in rows}
    return Course((folder / "index.html").as_uri(), addresses)


class Watched:
    """A window, and everything that it asks for or complains about."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))


Open = Callable[..., Watched]


@pytest.fixture
def window(browser: Browser) -> Iterator[Open]:
    """Open windows that nobody has used yet."""
    contexts = []

    def of(size: Any = DESKTOP, scheme: Any = "light", *, scripts: bool = True) -> Watched:
        context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Watched(context)

    yield of
    for context in contexts:
        context.close()


def ids(page: Page) -> list[str]:
    """Give the ids of the students who are shown, from top to bottom."""
    return page.locator("#table tbody tr:visible td:nth-child(2)").all_inner_texts()


class TestEveryPage:
    def test_fetches_nothing_complains_of_nothing_and_runs_nothing_of_a_submission(
        self, course: Course, window: Open
    ) -> None:
        opened = window()
        for address in course.all():
            opened.page.goto(address)
            assert opened.page.title().startswith("Socket Labs: ")
            assert opened.page.evaluate("document.querySelectorAll('img, main script, bdi *:not(a)').length") == 0
        assert opened.asked == course.all()
        assert opened.complaints == []

    def test_refuses_a_script_and_a_style_that_are_not_its_own(self, course: Course, window: Open) -> None:
        """The policy is the second lock: it holds where something got past the first."""
        opened = window()
        for address in (course.index, course.students["13"]):
            opened.page.goto(address)
            opened.page.evaluate("""() => {
                const script = document.createElement('script');
                script.textContent = "document.title = 'owned'";
                document.body.append(script);
                document.body.insertAdjacentHTML('beforeend', '<b id=late style="color: red">x</b><img src=x.png>');
            }""")
            assert opened.page.title().startswith("Socket Labs: ")
            colour = "getComputedStyle(document.querySelector('#late')).color"
            assert opened.page.evaluate(colour) == opened.page.evaluate("getComputedStyle(document.body).color")
            refused = [
                re.search("Content Security Policy.*'(script|style|default)-src", each) for each in opened.complaints
            ]
            assert {match and match[1] for match in refused} == {"script", "style", "default"}
            opened.complaints.clear()

    @pytest.mark.parametrize("width", [390, 700, 1280])
    def test_is_no_wider_than_the_window(self, course: Course, window: Open, width: int, tmp_path: Path) -> None:
        page = window({"width": width, "height": 844}).page
        for place, address in enumerate(course.all()):
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            page.screenshot(path=tmp_path / f"{place}.png", full_page=True)  # for the eye

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_colours_that_can_be_read(self, course: Course, window: Open, scheme: str, tmp_path: Path) -> None:
        page = window(DESKTOP, scheme).page
        papers = set()
        for place, address in enumerate(course.all()):
            page.goto(address)
            found = page.evaluate(CONTRASTS)
            assert found["seen"] > 5
            assert found["low"] == [], address
            papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            page.screenshot(path=tmp_path / f"{place}.png", full_page=True)  # for the eye
        assert papers == {"rgb(255, 255, 255)" if scheme == "light" else "rgb(15, 20, 25)"}

    def test_begins_with_a_link_past_the_head(self, course: Course, window: Open) -> None:
        page = window().page
        for address in (course.index, course.students["12"]):
            page.goto(address)
            page.keyboard.press("Tab")
            skip = page.locator(".skip")
            expect(skip).to_be_focused()
            box = skip.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            page.keyboard.press("Enter")
            expect(page.locator("main")).to_be_focused()

    def test_shows_where_the_keyboard_is(self, course: Course, window: Open) -> None:
        page = window().page
        page.goto(course.students["12"])
        total = page.locator("a, summary, [tabindex='0']").locator("visible=true").count()
        assert total > 20
        for _ in range(total):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", page.evaluate("document.activeElement.outerHTML")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"

    def test_is_whole_on_paper_and_light(self, course: Course, window: Open, tmp_path: Path) -> None:
        page = window(DESKTOP, "dark").page
        for address in (course.index, course.students["12"]):
            page.goto(address)
            folded = page.locator("details:not([open])").count()
            assert folded
            page.emulate_media(media="print", color_scheme="dark")
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
            assert page.locator("details:not([open])").count() == 0
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
            assert page.locator(".control:visible, .skip:visible, nav:visible").count() == 0
            page.evaluate("dispatchEvent(new Event('afterprint'))")
            assert page.locator("details:not([open])").count() == folded
            page.emulate_media(media="screen", color_scheme="dark")
            page.pdf(path=tmp_path / "page.pdf", format="A4")  # for the eye
            assert (tmp_path / "page.pdf").stat().st_size > 10_000


class TestTheIndex:
    REPORT = ("100", "9", "12", "13", "101", "102")

    def test_sorts_up_down_and_back(self, course: Course, window: Open) -> None:
        page = window().page
        page.goto(course.index)
        head = page.locator("#table thead th", has_text="Score")
        expect(page.locator("#table thead th[aria-sort]")).to_have_count(0)
        assert ids(page)[:6] == list(self.REPORT)
        scores = page.locator("#table tbody td:nth-child(4)")
        values = sorted(map(float, scores.all_inner_texts()))
        for way, wanted in (("ascending", values), ("descending", values[::-1])):
            head.get_by_role("button").click()
            expect(head).to_have_attribute("aria-sort", way)
            assert list(map(float, scores.all_inner_texts())) == wanted
        head.get_by_role("button").click()
        expect(page.locator("#table thead th[aria-sort]")).to_have_count(0)
        assert ids(page)[:6] == list(self.REPORT)

    def test_sorts_by_keyboard_and_ids_as_numbers(self, course: Course, window: Open) -> None:
        page = window().page
        page.goto(course.index)
        page.get_by_role("columnheader", name="Name").get_by_role("button").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("columnheader", name="Id")).to_have_attribute("aria-sort", "ascending")
        assert ids(page)[:6] == ["9", "12", "13", "100", "101", "102"]
        expect(page.locator("#table thead th[aria-sort]")).to_have_count(1)

    @pytest.mark.parametrize(
        "query, found",
        [
            ("zoe angstrom", ["12"]),
            ("ÅNGSTRÖM", ["12"]),
            ("crash", ["13"]),
            ("handed nothing in", ["101"]),
            ("<script>", ["13"]),
            ("nobody", []),
            ("  ", [*REPORT]),
        ],
    )
    def test_searches(self, course: Course, window: Open, query: str, found: list[str]) -> None:
        page = window().page
        page.goto(course.index)
        page.get_by_role("searchbox", name="Search").fill(query)
        assert [each for each in ids(page) if len(each) < 5] == found
        if query.strip():
            expect(page.get_by_role("status")).to_have_text(f"{len(found)} of 7 shown")

    def test_shows_who_met_a_cause(self, course: Course, window: Open) -> None:
        page = window().page
        page.goto(course.index)
        page.get_by_role("button", name="Show the 2 students in the table: The server stopped after its first").click()
        assert ids(page)[0] == "12"
        expect(page.get_by_role("status")).to_have_text("2 of 7 shown")
        expect(page.get_by_role("searchbox")).to_be_focused()

    def test_opens_a_student(self, course: Course, window: Open) -> None:
        opened = window()
        opened.page.goto(course.index)
        opened.page.get_by_role("link", name="Zoë Ångström").click()
        expect(opened.page.get_by_role("heading", level=1)).to_have_text("Zoë Ångström")
        assert opened.page.url == course.students["12"]
        assert opened.complaints == []

    def test_is_a_plain_table_without_scripts(self, course: Course, window: Open) -> None:
        page = window(scripts=False).page
        page.goto(course.index)
        expect(page.locator("#table tbody tr")).to_have_count(7)
        expect(page.locator("button:visible, input:visible")).to_have_count(0)
        assert page.locator("#table thead th").all_inner_texts()[:2] == ["Name", "Id"]
        assert ids(page)[:6] == list(self.REPORT)


class TestAStudent:
    def test_leads_to_the_line_and_back(self, course: Course, window: Open) -> None:
        page = window().page
        page.goto(course.students["12"])
        page.locator("details.source[open] > summary").first.click()  # folded again by hand
        expect(page.locator(".marked").first).not_to_be_visible()
        page.locator(".place a").first.click()
        expect(page.locator(".marked").first).to_be_visible()
        expect(page.locator(".marked").first).to_be_in_viewport()
        page.locator(".note a").first.click()
        expect(page.locator("article.check").first).to_be_in_viewport()

    def test_draws_on_a_phone_in_a_box_that_scrolls(self, course: Course, window: Open) -> None:
        page = window(PHONE).page
        page.goto(course.students["12"])
        box = page.locator("figure .scroll").first
        widths = box.evaluate("each => [each.clientWidth, each.scrollWidth]")
        assert widths[0] <= 390 < widths[1]
        box.focus()
        page.keyboard.press("ArrowRight")
        expect(box).not_to_have_js_property("scrollLeft", 0)

    def test_draws_both_runs_beside_each_other_where_there_is_room(self, course: Course, window: Open) -> None:
        page = window({"width": 1440, "height": 900}).page
        page.goto(course.students["12"])
        tops = [page.locator("figure").nth(place).bounding_box() for place in (0, 1)]
        assert tops[0] is not None
        assert tops[1] is not None
        assert tops[0]["y"] == tops[1]["y"]
