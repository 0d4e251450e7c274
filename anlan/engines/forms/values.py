"""One answer's value: cleaned from what people and phones send, into one canonical JSON form per answer type.

| type | value |
|---|---|
| text, long_text | text |
| number | text of a decimal, such as "2.50" |
| date, time | "2026-10-20", "17:00" |
| verdict, single | the option's code |
| multi | list of codes, in the order of the options |
| photo | null (the pictures are in ``photos``) |
| file | list of file uids |
| signature | file uid, or "confirmed" where the person confirmed by password |
| location | {"lat", "lng", "accuracy", "reference", "inside", "place"} |
| person | name; org: code of the unit |
| table | list of rows {column code: value} |
| computed | the result as text; never taken from a client |
"""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from anlan.engines.forms.definition import Column, NumberRule, Option, Question

MOST_ROWS, MOST_FILES = 200, 30
LENGTHS = {"text": 500, "long_text": 5000, "person": 40, "org": 32, "computed": 500}
REFERENCES = ("wgs84", "gcj02", "bd09", "cgcs2000")


class Wrong(ValueError):
    """Not a value of this type; the text is meant for the person."""


def clean(question: Question, raw: Any) -> Any:
    """The canonical value, None for nothing; :class:`Wrong` where it is not of the type."""
    if raw is None or raw in ("", [], {}):
        return None
    return _CLEANERS[question.type](question, raw)


def _plain_text(raw: Any, longest: int) -> str | None:
    if not isinstance(raw, str):
        raise Wrong("应是文字")
    text = raw.replace("\r\n", "\n").strip()
    if any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\n\t" for mark in text):
        raise Wrong("含有不能保存的字符")
    if len(text) > longest:
        raise Wrong(f"不超过 {longest} 字")
    return text or None


def half_width(raw: Any) -> str:
    """Digits, signs and letters typed full width, and stray spaces, as plain ASCII."""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
        raise Wrong("应是文字或数字")
    return "".join(unicodedata.normalize("NFKC", str(raw)).replace("。", ".").split())


def _text(question: Question, raw: Any) -> str | None:
    return _plain_text(raw, question.max_length or LENGTHS[question.type])


def number_text(rule: NumberRule | None, raw: Any) -> str:
    """A decimal as plain text, with no more decimals than the rule allows."""
    text = half_width(raw).replace(",", "")
    try:
        number = Decimal(text) if len(text) <= 20 else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > 15:
        raise Wrong("应是数字")
    places = rule.decimals if rule else 6
    if -int(number.normalize().as_tuple().exponent) > places:
        raise Wrong(f"最多 {places} 位小数" if places else "应是整数")
    return f"{number:f}"


def _number(question: Question, raw: Any) -> str:
    return number_text(question.number, raw)


def out_of_range(rule: NumberRule | None, value: str) -> str:
    """What is wrong with a number's size; empty where nothing is."""
    if rule is None:
        return ""
    number = Decimal(value)
    low = rule.minimum is not None and number < rule.minimum
    high = rule.maximum is not None and number > rule.maximum
    if not (low or high):
        return ""
    if rule.minimum is not None and rule.maximum is not None:
        return f"应在 {rule.minimum} 至 {rule.maximum}{rule.unit} 之间"
    return f"不小于 {rule.minimum}{rule.unit}" if low else f"不大于 {rule.maximum}{rule.unit}"


def _date(_: object, raw: Any) -> str:
    text = half_width(raw)
    for mark in "年月/.":
        text = text.replace(mark, "-")
    parts = text.replace("日", "").split("-")
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except (TypeError, ValueError, OverflowError):
        raise Wrong("应是日期，如 2026-10-20") from None


def _time(_: object, raw: Any) -> str:
    try:
        return time.fromisoformat(half_width(raw)).strftime("%H:%M")
    except ValueError:
        raise Wrong("应是时间，如 17:00") from None


def _one_of(options: Iterable[Option], raw: Any) -> str:
    if not isinstance(raw, str) or raw not in {option.code for option in options}:
        raise Wrong("没有这个选项")
    return raw


def _choice(question: Question, raw: Any) -> str:
    return _one_of(question.choices, raw)


def _choices(question: Question, raw: Any) -> list[str]:
    chosen = [_one_of(question.options, code) for code in (raw if isinstance(raw, list) else [raw])]
    return [option.code for option in question.options if option.code in chosen]


def uid_text(raw: Any) -> str:
    """A UUID in its usual form."""
    try:
        return str(UUID(raw))
    except (TypeError, ValueError, AttributeError):
        raise Wrong("文件编号不对") from None


def uid_list(raw: Any) -> list[str]:
    """Different UUIDs, in order."""
    if not isinstance(raw, list) or len(raw) > MOST_FILES:
        raise Wrong(f"最多 {MOST_FILES} 个文件")
    return list(dict.fromkeys(uid_text(one) for one in raw))


def _no_value(_: object, raw: Any) -> None:
    raise Wrong("照片请随答案的 photos 一起送来")


def _files(_: object, raw: Any) -> list[str]:
    return uid_list(raw)


def _signature(_: object, raw: Any) -> str:
    return "confirmed" if raw == "confirmed" else uid_text(raw)


def clean_location(raw: Any) -> dict[str, Any]:
    """A fix (latitude, longitude, accuracy in metres, reference system), or a place in words where
    there is none.
    """
    if not isinstance(raw, dict) or set(raw) - {"lat", "lng", "accuracy", "reference", "inside", "place"}:
        raise Wrong("位置不对")
    place = {"place": _plain_text(raw["place"], 200)} if raw.get("place") else {}
    if raw.get("lat") in (None, ""):
        if not place:
            raise Wrong("没有定位时请写明在哪里")
        return place
    fix = {
        "lat": _degrees(raw["lat"], 90),
        "lng": _degrees(raw.get("lng"), 180),
        "reference": _reference(raw.get("reference") or "wgs84"),
    }
    accuracy = {"accuracy": number_text(None, raw["accuracy"])} if raw.get("accuracy") is not None else {}
    inside = {"inside": raw["inside"]} if isinstance(raw.get("inside"), bool) else {}
    return {**fix, **accuracy, **inside, **place}


def _degrees(raw: Any, limit: int) -> str:
    try:
        degrees = Decimal(half_width(raw))
    except InvalidOperation:
        raise Wrong("位置不对") from None
    if not degrees.is_finite() or abs(degrees) > limit:
        raise Wrong("位置不对")
    return f"{round(degrees, 7).normalize():f}"


def _reference(raw: Any) -> str:
    if raw not in REFERENCES:
        raise Wrong("不认识的坐标系")
    return str(raw)


def _location(_: object, raw: Any) -> dict[str, Any]:
    return clean_location(raw)


def _table(question: Question, raw: Any) -> list[dict[str, Any]] | None:
    if not isinstance(raw, list) or len(raw) > MOST_ROWS:
        raise Wrong(f"表格最多 {MOST_ROWS} 行")
    rows = [_row(question.columns, row, number) for number, row in enumerate(raw, 1)]
    return [row for row in rows if row] or None


def _row(columns: tuple[Column, ...], row: Any, number: int) -> dict[str, Any]:
    known = {column.code: column for column in columns}
    if not isinstance(row, dict) or set(row) - set(known):
        raise Wrong(f"第 {number} 行有表格里没有的列")
    filled = {code: raw for code, raw in row.items() if raw not in (None, "")}
    try:
        return {code: _cell(known[code], raw) for code, raw in filled.items()}
    except Wrong as wrong:
        raise Wrong(f"第 {number} 行：{wrong}") from None


def _cell(column: Column, raw: Any) -> Any:
    asked = Question(column.code, column.type, column.label, options=column.options, number=column.number)
    return clean(asked, raw)


_CLEANERS: dict[str, Callable[[Question, Any], Any]] = {
    "verdict": _choice,
    "single": _choice,
    "multi": _choices,
    "text": _text,
    "long_text": _text,
    "number": _number,
    "date": _date,
    "time": _time,
    "photo": _no_value,
    "file": _files,
    "signature": _signature,
    "location": _location,
    "person": _text,
    "org": _text,
    "table": _table,
    "computed": _text,
}
