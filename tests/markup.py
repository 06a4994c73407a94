"""Pages read as a browser reads them, for tests of what stands where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "input", "link", "img", "hr"}


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Element]:
        """Give it and all that are in it, in the page's order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child

    @property
    def raw(self) -> str:
        """All text in it, as it is."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    @property
    def text(self) -> str:
        """All text in it that is read, with single blanks."""
        return " ".join(self._read().split())

    def _read(self) -> str:
        if self.tag in ("style", "script"):
            return ""
        blank = "" if self.tag in ("code", "b", "bdi", "a", "strong", "text") else " "
        inner = "".join(child if isinstance(child, str) else child._read() for child in self.children)
        return f"{blank}{inner}{blank}"

    def all(self, tag: str, of: str = "", **attributes: str) -> list[Element]:
        """Give the elements of a kind in it, of a class, with attributes."""
        return [
            each
            for each in self
            if each.tag == tag
            and (not of or of in each.attributes.get("class", "").split())
            and all(each.attributes.get(name) == value for name, value in attributes.items())
        ]

    def the(self, tag: str, of: str = "", **attributes: str) -> Element:
        """Give the only one."""
        (found,) = self.all(tag, of, **attributes)
        return found

    def named(self, identifier: str) -> Element:
        """Give the element with an id."""
        (found,) = [each for each in self if each.attributes.get("id") == identifier]
        return found

    def around(self, tag: str) -> list[Element]:
        """Give the elements of a kind that it is in, from the inside."""
        found, here = [], self.parent
        while here is not None:
            if here.tag == tag:
                found.append(here)
            here = here.parent
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} has an attribute twice: {attrs}"
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> ends <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(text: str) -> Element:
    """Read a page; what is not closed in the order in which it was opened fails."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is not closed"
    return reader.root
