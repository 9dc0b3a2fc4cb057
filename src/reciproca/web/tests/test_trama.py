"""The pattern of an id: always the same, always whole cells."""

import re

import pytest

from reciproca.web.trama import VARIANTS, trama_svg


def test_an_id_draws_the_same_pattern_everywhere_and_for_ever() -> None:
    # A printed card must match the screen after any upgrade: this picture is a promise.
    assert trama_svg(seed="marta", variant="mark") == (
        '<svg class="mark" viewBox="0 0 40 40" aria-hidden="true">'
        '<path class="f-glicine-light" d="M0 0h40v40h-40z"/>'
        '<path class="f-common" d="M20 20v-20a20 20 0 0 0 -20 20z"/>'
        '<path class="f-solidarity" d="M20 0a10 10 0 0 0 20 0z"/>'
        '<path class="f-territory" d="M0 20v20a20 20 0 0 0 20 -20z"/>'
        '<path class="f-member" d="M20 30a10 10 0 0 1 20 0a10 10 0 0 1 -20 0z"/>'
        "</svg>"
    )


def test_two_ids_draw_two_patterns() -> None:
    drawn = {trama_svg(seed=f"node-{n}", variant="offer") for n in range(500)}
    assert len(drawn) == 500


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_shape_leaves_its_grid_and_nothing_is_styled_inline(variant: str) -> None:
    kind = VARIANTS[variant]
    for n in range(50):
        svg = trama_svg(seed=str(n), variant=variant)
        assert "style=" not in svg
        starts = re.findall(r'd="M(\d+) (\d+)', svg)
        assert all(int(x) <= kind.columns * 20 and int(y) <= kind.rows * 20 for x, y in starts)
