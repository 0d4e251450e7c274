"""Word documents made from templates by children that can neither write files nor reach out."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anlan.engines.files.api import aside, confined
from anlan.kernel.errors import Rejected

FAULTS = {
    "syntax": "占位符的写法不对：{}",
    "unknown": "没有“{}”这个字段，请照字段表改正",
    "edge": "页眉页脚里不能用“{}”，只能用台账、打印人、打印日期",
    "forbidden": "模板里不能写“{}”，只能写字段名、办理记录的循环和条件",
    "macro": "模板里有宏，请另存为不带宏的 .docx",
    "embedded": "模板里有嵌入的对象或控件（{}），请删去",
    "external": "模板引用了外部内容（{}），请删去链接或改为嵌入的图片",
    "field": "模板里有会取外部内容的域（{}），只能用页码、页数、日期",
}
MOST = 5


@contextmanager
def _order(path: Path, words: dict[str, Any], **more: Any) -> Iterator[Path]:
    with aside(".json") as order:
        order.write_text(json.dumps({"template": str(path), **words, **more}), "utf-8")
        yield order


def checked(path: Path, words: dict[str, Any]) -> None:
    """Rejected where the template is dangerous, or names what the ledger does not have (``words``)."""
    with _order(path, words) as order:
        said = next(confined("word_template", order))
    if faults := said["faults"]:
        raise Rejected({"file": "；".join(FAULTS[kind].format(text) for kind, text in faults[:MOST])})


def filled(path: Path, words: dict[str, Any], records: list[dict[str, Any]], common: dict[str, str]) -> bytes:
    """One document with a page for each of ``records``; ``common`` for head and foot."""
    with _order(path, words, records=records, common=common) as order:
        said = next(confined("word_filled", order))
    return base64.b64decode(said["docx"])
