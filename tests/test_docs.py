"""The documents lead where they say, and name commands that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Command, Context, Group

from reciproca.cli.main import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
NOT_OF_A_NAME = re.compile(r"[^\w\- ]")
CALLED = re.compile(r"(?:^|[\s/(])reciproca ((?:[a-z-]+ ?)+)")
MADE = re.compile(r"^make ([a-z]+)")
NAMED = re.compile(r"docs/[a-z-]+\.md")


def anchor(heading: str) -> str:
    """Return what a link calls a heading: lower case, no marks, hyphens for spaces."""
    return NOT_OF_A_NAME.sub("", heading.strip().lower()).replace(" ", "-")


def code_of(page: Path) -> Iterator[str]:
    """Yield each line of code of a page: of its blocks, and within its sentences."""
    text = page.read_text(encoding="utf-8")
    for block in FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    yield from CODE.findall(FENCE.sub("", text))


def unknown_word(words: list[str]) -> str | None:
    """Return the first of these words that is no command where one is called, else None."""
    command: Command = main
    for word in words:
        if not isinstance(command, Group):
            return None
        found = command.get_command(Context(command), word)
        if found is None:
            return word
        command = found
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_to_pages_and_headings_that_exist(page: Path) -> None:
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        name, _, heading = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if "://" in link:
            continue
        if not target.exists():
            broken.append(link)
        elif heading:
            headings = HEADING.findall(target.read_text(encoding="utf-8"))
            if heading not in map(anchor, headings):
                broken.append(link)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_a_page_names_exist(page: Path) -> None:
    called = [words.split() for line in code_of(page) for words in CALLED.findall(line)]

    assert [word for words in called if (word := unknown_word(words))] == []


def test_targets_of_make_that_pages_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [targets] = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    named = {target for page in PAGES for line in code_of(page) for target in MADE.findall(line)}

    assert named <= set(targets.split())
    assert {"demo", "test"} <= named


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    context = Context(main)
    assert isinstance(main, Group)
    known = {name: main.get_command(context, name) for name in main.list_commands(context)}
    shown = {name for name, command in known.items() if command and not command.hidden}

    assert {name for name in shown if f"`reciproca {name}" not in readme} == set()


def test_every_document_that_the_code_names_exists() -> None:
    named = {
        name
        for source in (ROOT / "src").rglob("*.py")
        for name in NAMED.findall(source.read_text(encoding="utf-8"))
    }

    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_the_indexes_lead_to_every_page() -> None:
    for index in ("", "decisions", "users"):
        folder = ROOT / "docs" / index
        text = (folder / "README.md").read_text(encoding="utf-8")
        missing = [page.name for page in folder.glob("*.md") if f"({page.name})" not in text]
        assert missing == ["README.md"]
