"""A page as its reader has it: text without markup, and what its links and fields are."""

from html.parser import HTMLParser
from typing import Protocol

SILENT = ("script", "style", "title")


class Answer(Protocol):
    """What Django's test client gives back."""

    content: bytes


class Page(HTMLParser):
    """``text`` with single spaces; ``title``; ``links`` by their text; ``tags`` as (name, attributes)."""

    def __init__(self, response: Answer) -> None:
        super().__init__()
        self.title = ""
        self.links: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._words: list[str] = []
        self._inside: list[str] = []
        self._link: tuple[str, list[str]] | None = None
        self.feed(response.content.decode())

    @property
    def text(self) -> str:
        """All that is read, with single spaces."""
        return " ".join(" ".join(self._words).split())

    @property
    def has_errors_first(self) -> bool:
        """Whether the title says that something came back, and the page opens with what it is in focus."""
        focused = [each for _, each in self.tags if "autofocus" in each]
        summed_up = [each.get("role") for each in focused] == ["alert"]
        return summed_up and self.title.strip().rpartition("Error: ")[:2] == ("", "Error: ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser."""
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag in SILENT:
            self._inside.append(tag)
        if tag == "a":
            self._link = (attributes.get("href", ""), [])

    def handle_endtag(self, tag: str) -> None:
        """Called by the parser."""
        if tag in SILENT and self._inside:
            self._inside.pop()
        if tag == "a" and self._link is not None:
            self.links[" ".join(" ".join(self._link[1]).split())] = self._link[0]
            self._link = None

    def handle_data(self, data: str) -> None:
        """Called by the parser."""
        if self._inside:
            self.title += data if self._inside == ["title"] else ""
            return
        self._words.append(data)
        if self._link is not None:
            self._link[1].append(data)

    def attributes(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of that name."""
        return [attributes for name, attributes in self.tags if name == tag]
