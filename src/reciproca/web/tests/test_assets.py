"""What templates ask of the front end is there, and the strict policy has nothing to block."""

import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

import reciproca
from reciproca.web.assets import MANIFEST, asset_url

PACKAGE = Path(reciproca.__file__).parent
FRONT_END = PACKAGE.parents[1] / "frontend"
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
ICONS = FRONT_END.joinpath("src/icons.txt").read_text().split()


def test_a_file_is_found_by_its_name_in_the_sources() -> None:
    assert re.fullmatch(r"/static/assets/main-[\w-]{8}\.js", asset_url("main.js"))
    assert re.fullmatch(r"/static/assets/main-[\w-]{8}\.css", asset_url("main.css"))


def test_pages_name_the_files_that_were_collected_while_a_new_build_waits_for_a_restart(
    tmp_path: Path,
) -> None:
    collected = {"src/main.js": {"file": "assets/main-collecte.js"}}
    (tmp_path / "manifest.json").write_text(json.dumps(collected))

    with override_settings(STATIC_ROOT=tmp_path, WHITENOISE_USE_FINDERS=False):
        assert asset_url("main.js") == "/static/assets/main-collecte.js"


def test_a_file_that_was_never_built_is_named_in_the_refusal() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"nowhere\.js"):
        asset_url("nowhere.js")


def test_nothing_that_we_build_names_another_host() -> None:
    for built in MANIFEST.parent.joinpath("assets").glob("*.css"):
        assert "//" not in re.sub(r"/\*.*?\*/", "", built.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_holds_nothing_that_the_policy_blocks(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<style", text)
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert all('type="application/json"' in script for script in inline)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_icons_of_a_template_are_in_the_sprite(path: Path) -> None:
    asked = re.findall(r"{% icon \"([\w-]+)\"", path.read_text())
    assert set(asked) <= set(ICONS)


def test_every_class_that_templates_ask_for_is_in_the_style() -> None:
    style = "".join(path.read_text() for path in FRONT_END.glob("src/css/*.css"))
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", style))
    for path in TEMPLATES:
        asked = " ".join(re.findall(r'class="((?:[^"{]|{%.*?%}|{{.*?}})*)"', path.read_text()))
        words = re.sub(r"{%.*?%}", " ", asked)
        names = re.sub(r"\S*{{.*?}}\S*", " ", words).split()
        assert set(names) <= styled, path.name
