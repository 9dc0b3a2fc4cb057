"""Every rule page that the code names exists, and the index leads to every page."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "rules"
NAMED = re.compile(r"docs/rules/([a-z-]+)(?:\.md)?")


def test_every_page_that_the_code_names_exists() -> None:
    named = {
        page
        for source in (ROOT / "src").rglob("*.py")
        for page in NAMED.findall(source.read_text(encoding="utf-8"))
    }

    assert {page for page in named if not (PAGES / f"{page}.md").exists()} == set()


def test_the_index_leads_to_every_page() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")

    missing = [page.name for page in PAGES.glob("*.md") if f"({page.name})" not in index]
    assert missing == ["README.md"]
