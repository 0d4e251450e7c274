"""The item bank as the target of an import: a sheet of items, or the numbered lines of a document (D01.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from anlan.engines.exchange.columns import Column
from anlan.engines.exchange.targets import Action, Choice, Context, Row, Saver, Verdict, register_target
from anlan.engines.forms.api import ImportResult, ItemRow, categories_for, check_items, import_items
from anlan.engines.org.api import require
from anlan.kernel.errors import Rejected

PERMISSION = "forms.items.import"
LEVELS = ("major", "middle", "minor")
COLUMNS = (
    Column("major", "大类", aliases=("类别", "检查类别", "一级类别"), example="消防安全"),
    Column("middle", "中类", aliases=("二级类别",), example="消防设施"),
    Column("minor", "小类", aliases=("三级类别", "项目")),
    Column(
        "wording",
        "检查内容",
        required=True,
        aliases=("内容", "检查项", "检查事项"),
        example="灭火器压力指针是否在绿区",
    ),
    Column("standard", "检查标准", aliases=("标准", "评分标准"), example="指针在绿区，铅封完好"),
    Column("answer_type", "答案类型", hint="不填为“合格、不合格、不适用”"),
    Column("fails_when", "何种情形不合格"),
    Column("method", "检查方法", aliases=("方法",)),
    Column("basis", "依据条款", aliases=("依据",)),
    Column("score", "标准分", aliases=("分值", "分数"), example="2"),
    Column("photos", "不合格至少拍照", aliases=("拍照数量",), example="1"),
    Column("note_required", "不合格须说明", hint="是或否", choices=("是", "否")),
    Column("level", "要求程度", choices=("应", "宜")),
    Column("phrases", "常用语", hint="多条用分号隔开"),
    Column("school_types", "适用学校类型", hint="如“幼儿园；小学”，不填为全部"),
    Column("hazard_category", "建议隐患类别"),
    Column("hazard_grade", "建议隐患等级"),
    Column("code", "编号"),
)
KNOWN = {field.name for field in fields(ItemRow)} - {"number", "category"}


class BankTarget:
    """Items of the person's unit; the same wording in the same category is the same item."""

    code, title, back = "forms.items", "检查内容", "/forms/items/"
    takes_documents = True

    def permit(self, user: Any) -> None:
        """The right to import items."""
        require(user, PERMISSION)

    def columns(self, user: Any) -> Sequence[Column]:
        """Columns of the sheet."""
        return COLUMNS

    def choices(self, user: Any) -> Sequence[Choice]:
        """The category of a document's lines, and what to do with classes the bank lacks."""
        listed = tuple((str(found.pk), str(found)) for found in categories_for(user))
        return (
            Choice("category", "文档条目归入", (("", "表格里写明类别"), *listed), "Word、文本文档需要选择"),
            Choice("create", "题库里没有的类别", (("", "列为问题行"), ("yes", "自动新建"))),
        )

    def key(self, row: Row) -> tuple[str, ...]:
        """Category and wording."""
        return (*(row.get(name, "") for name in LEVELS), " ".join(row.get("wording", "").split()))

    def line(self, text: str, context: Context) -> dict[str, str]:
        """A line becomes the wording, and its own standard, in the chosen category."""
        chosen = context.choices.get("category", "")
        line = next((c.line() for c in categories_for(context.actor.user) if str(c.pk) == chosen), None)
        if line is None:
            raise Rejected({"category": "请选择文档条目归入哪一类别"})
        titles = {name: category.title for name, category in zip(LEVELS, line, strict=False)}
        return {**titles, "wording": text, "standard": text}

    def check(self, context: Context, rows: Sequence[Row]) -> list[Verdict]:
        """All rows at once against the bank."""
        items = [_item(number, row) for number, row in enumerate(rows)]
        said = check_items(context.org, items, create_categories=_creates(context))
        problems: dict[int, dict[str, str]] = {}
        for error in said.errors:
            problems.setdefault(error.row, {})[_column(error.field)] = error.text
        there = set(said.there_already)
        return [_verdict(number, problems, there) for number in range(len(items))]

    def saver(self, context: Context) -> Saver:
        """Item by item, with the file it came from."""
        return BankSaver(context)


@dataclass(frozen=True)
class BankSaver:
    """Stores items of one import."""

    context: Context

    def one(self, row: Row) -> Action:
        """Add the item, unless the bank has it."""
        return _outcome(self._stored([row]))

    def many(self, rows: Sequence[Row]) -> list[Action]:
        """One by one: what an item adds to the bank decides about the next."""
        return [self.one(row) for row in rows]

    def _stored(self, rows: Sequence[Row]) -> ImportResult:
        return import_items(
            self.context.actor,
            self.context.org,
            [_item(number, row) for number, row in enumerate(rows)],
            create_categories=_creates(self.context),
            source=self.context.source,
        )


def _creates(context: Context) -> bool:
    return context.choices.get("create") == "yes"


def _item(number: int, row: Row) -> ItemRow:
    line = tuple(row.get(name, "") for name in LEVELS)
    values = {name: text for name, text in row.items() if name in KNOWN}
    values.setdefault("wording", "")
    values["standard"] = values.get("standard") or values["wording"]
    return ItemRow(number, tuple(title for title in line if title), **values)


def _column(field: str) -> str:
    return "major" if field == "category" else field


def _verdict(number: int, problems: dict[int, dict[str, str]], there: set[int]) -> Verdict:
    if number in problems:
        return Verdict(problems=problems[number])
    return Verdict("same" if number in there else "add")


def _outcome(result: ImportResult) -> Action:
    if result.errors:
        raise Rejected({_column(error.field): error.text for error in result.errors})
    return "add" if result.stored else "same"


register_target(BankTarget())
