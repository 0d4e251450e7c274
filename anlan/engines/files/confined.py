"""Opening what people send in a child process with bounded memory and time (``children``)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from threading import Timer
from typing import Any

import anlan
from anlan.engines.files.limits import limits
from anlan.engines.files.vault import aside, room
from anlan.kernel.errors import Rejected

ROOT = Path(anlan.__file__).parents[1]
WORDS = {
    "locked": "文件设了打开密码，请去掉密码后再传",
    "broken": "文件已损坏或不是这种格式，请重新保存后再传",
    "rows": "表格行数太多，请分成几个文件",
    "columns": "表格列数太多，请删去不用的列",
    "memory": "文件解开后过大，无法读取",
    "empty": "表格里没有内容",
    "template": "Word 模板已不能用：里面的占位符与台账不符，请重新上传模板",
}


class Lossy(str):
    """A number too long for a spreadsheet, whose last digits are already lost."""

    __slots__ = ()


def _untagged(said: dict[str, Any]) -> Any:
    if len(said) == 1:
        ((tag, value),) = said.items()
        if tag in UNTAG:
            return UNTAG[tag](value)
    return said


def _time(said: str) -> Any:
    try:
        return time.fromisoformat(said)
    except ValueError:
        return said


UNTAG: dict[str, Any] = {
    "$d": date.fromisoformat,
    "$m": datetime.fromisoformat,
    "$t": _time,
    "$l": Lossy,
}


def confined(job: str, path: Path, *numbers: int) -> Iterator[Any]:
    """What the child says, line by line; Rejected where it refuses, dies, or says or takes too much."""
    for line in _lines(job, path, *numbers):
        yield _said(line)


def confined_whole(job: str, path: Path, *numbers: int) -> Iterator[Any]:
    """The same once the child has ended: whoever takes long over each line does not use up the child's time."""
    with aside() as kept:
        with room(), kept.open("wb") as file:
            file.writelines(_lines(job, path, *numbers))
        with kept.open("rb") as file:
            for line in file:
                yield _said(line)


def _said(line: bytes) -> Any:
    said = json.loads(line, object_hook=_untagged)
    if isinstance(said, dict) and "error" in said:
        raise Rejected({"file": WORDS.get(said["error"], WORDS["broken"])})
    return said


def _lines(job: str, path: Path, *numbers: int) -> Iterator[bytes]:
    bounds = limits()
    with subprocess.Popen(  # noqa: S603 - a fixed program, no shell
        [
            sys.executable,
            *("-E", "-s", "-X", "utf8", "-m", f"anlan.engines.files.children.{job}"),
            str(path),
            str(bounds.reader_memory),
            str(bounds.reader_seconds),
            *map(str, numbers),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd=ROOT,
    ) as process:
        watch = Timer(bounds.reader_seconds * 2, process.kill)
        watch.start()
        try:
            yield from _whole_lines(process, bounds.reader_output)
        finally:
            watch.cancel()
            process.kill()
    if process.returncode not in {0, 3}:
        raise Rejected({"file": "文件过大或已损坏，无法读取"})


def _whole_lines(process: subprocess.Popen[bytes], most: int) -> Iterator[bytes]:
    assert process.stdout is not None  # noqa: S101 - asked for above
    size = 0
    for line in process.stdout:
        size += len(line)
        if size > most:
            raise Rejected({"file": WORDS["memory"]})
        if line.endswith(b"\n"):  # a child that was stopped leaves half a line
            yield line
    process.wait()
