"""Every component renders what its contract says, documents its context, and carries no style or script of its own."""

import html
import re
from pathlib import Path

import pytest

from anlan.shell.styles import TEMPLATES
from tests.shell.contracts import CASES

FOLDER = TEMPLATES / "components"
ALL = sorted(TEMPLATES.rglob("*.html"))
HAN = "\u4e00-\u9fff"


def words(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", markup))


@pytest.mark.parametrize("name", CASES)
def test_a_component_keeps_its_contract(render, name):
    case = CASES[name]
    markup = words(render(case.source, **case.context))
    missing = [part for part in case.has if part not in markup and part not in unescaped(markup)]
    assert not missing, f"{missing} not in {markup}"
    assert not [part for part in case.hasnt if part in markup]
    assert "<c-" not in markup


def unescaped(markup: str) -> str:
    return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda found: chr(int(found.group(1), 16)), markup)


def test_every_component_has_a_case():
    assert sorted(CASES) == sorted(path.stem for path in FOLDER.glob("*.html"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda path: path.stem)
def test_a_component_documents_its_context_first(path: Path):
    assert path.read_text("utf-8").startswith("{# "), "the first line says what the component takes"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_templates_carry_no_colour_style_or_script_of_their_own(path: Path):
    text = path.read_text("utf-8")
    drawing = path.stem in ("logo", "login_art")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert drawing or not re.search(r"(?<!&)#[0-9A-Fa-f]{6}\b", text.replace("#0C2D39", ""))
    shown = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
    assert not re.search(rf"[{HAN}][,;:?!](?:\s|$|<)", shown), (
        "half-width punctuation after a Chinese character"
    )


def test_hostile_text_is_escaped_everywhere(render):
    evil = "<img src=x onerror=alert(1)>"
    markup = render(
        '<c-banner :text="t" /><c-page-head :title="t" :lede="t" /><c-chip tone="idle" :word="t" />'
        '<c-button :label="t" /><c-empty :title="t" title2="{{ t }}" /><c-card title="{{ t }}" />',
        t=evil,
    )
    assert "<img" not in markup
