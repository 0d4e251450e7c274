"""The ``anlan`` command: ``anlan verify FILE``; every other word goes to Django's management commands."""

import os
import sys
from pathlib import Path
from typing import TextIO

from django.core.management import execute_from_command_line

from anlan.engines.evaluation.api import check, fingerprint
from anlan.kernel.errors import Rejected


def main(words: list[str] | None = None) -> int:
    """0 where all is well, 1 where a file does not hold, 2 for something that cannot be read."""
    said = sys.argv[1:] if words is None else words
    if said[:1] == ["verify"]:
        return verify(said[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    execute_from_command_line(["anlan", *said])
    return 0


def verify(names: list[str]) -> int:
    """Recompute evaluation results from their files alone; needs no site, database or network."""
    if not names:
        _say("用法：anlan verify 文件…", sys.stderr)
        return 2
    return max(_verified(Path(name)) for name in names)


def _verified(path: Path) -> int:
    try:
        text = path.read_text(encoding="utf-8")
        found, key = check(text), fingerprint(text)
    except (OSError, UnicodeDecodeError) as fault:
        _say(f"{path.name}：读不出来（{fault}）", sys.stderr)
        return 2
    except Rejected as refused:
        _say(f"{path.name}：{refused.message}", sys.stderr)
        return 2
    for line in found:
        _say(f"{path.name}：{line}")
    if not found:
        _say(f"{path.name}：一致。按文件里的指标、评委、分数和规则重新计算，结果相同。签名密钥指纹 {key}")
    return 1 if found else 0


def _say(line: str, to: TextIO | None = None) -> None:
    (to or sys.stdout).write(f"{line}\n")
