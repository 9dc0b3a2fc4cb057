"""Two versions of a text beside each other, paragraph by paragraph. Nothing is lost or added."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph as it was and as it would be; empty where there is none."""

    before: str
    after: str

    @property
    def is_same(self) -> bool:
        """Return whether nothing changes here."""
        return self.before == self.after


def paragraphs(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def side_by_side(*, before: str, after: str) -> list[Piece]:
    """Return both texts in rows: what stays beside itself, what changes beside what it becomes."""
    return list(_pieces(paragraphs(before), paragraphs(after)))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for _tag, i, i_end, j, j_end in SequenceMatcher(
        a=before, b=after, autojunk=False
    ).get_opcodes():
        for step in range(max(i_end - i, j_end - j)):
            yield Piece(
                before[i + step] if i + step < i_end else "",
                after[j + step] if j + step < j_end else "",
            )
