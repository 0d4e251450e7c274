"""Addresses of signatures, prints and archives: rights, subject, and whether a rule narrows them (see ``Address``)."""

from typing import Any

from tests.conformance.subjects import a_file, no_subject, of_model

LAMPS = lambda _: {"code": "sample.lamps"}  # noqa: E731
RESPONSE = of_model("forms.Response", "uid")
PAPER: dict[str, tuple[Any, ...]] = {
    "account/signature/": (),
    "account/signature/forget": (),
    "account/signature/picture": ("", no_subject, True),
    "prints/<uuid:uid>": ("sample.makers.view", a_file),
    "forms/responses/<uuid:uid>/pdf": ("", RESPONSE),
    "word/<str:code>/": ("output.word", LAMPS, True),
    "word/<str:code>/starter": ("output.word", LAMPS, True),
}
