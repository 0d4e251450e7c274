"""Code tables with scheme, version, source and confidence; a code is renamed or retired, never deleted."""

from typing import Any

from django.apps import AppConfig
from django.db import connection, models, transaction
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from anlan.base.seed_files import seed_rows
from anlan.engines.audit.api import Actor, log, validate
from anlan.engines.org.api import declare_permission, require
from anlan.kernel.errors import Conflict, Rejected

TITLES = {
    "school_teaching_type": "办学类型",
    "school_sponsor": "举办者",
    "school_nature": "办学性质",
    "urban_rural": "城乡分类",
    "school_id_category": "学校标识码类别",
    "safety_post": "安全岗位",
    "person_kind": "人员类别",
    "sex": "性别",
    "tech_check_item": "技防检查项目",
    "tech_device_kind": "技防设备类型",
}
OWN = {"school_nature", "safety_post", "person_kind", "tech_check_item", "tech_device_kind"}

declare_permission("base.codes.view", "查看代码表", ("bureau_safety", "unit_admin"))
declare_permission("base.codes.edit", "维护代码表", ("bureau_safety",))


class CodeTable(models.Model):
    """A vocabulary: where it comes from and in which version."""

    code = models.SlugField("代码", max_length=40, primary_key=True)
    title = models.CharField("名称", max_length=60)
    scheme = models.CharField("标准", max_length=60)
    version = models.CharField("版本", max_length=20)
    source = models.CharField("来源", max_length=200, blank=True)

    class Meta:
        verbose_name = "代码表"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class Code(models.Model):
    """One value; its key is ``<table>.<code>``, so that records and seeds can name it without asking."""

    key = models.CharField(max_length=80, primary_key=True)
    table = models.ForeignKey(CodeTable, models.PROTECT, related_name="codes", verbose_name="代码表")
    code = models.CharField("代码", max_length=30)
    name = models.CharField("名称", max_length=100)
    confidence = models.CharField("可信度", max_length=10, blank=True)
    extra = models.JSONField("附加", default=dict, blank=True)
    order = models.PositiveIntegerField("次序", default=0)
    retired = models.BooleanField("停用", default=False)

    class Meta:
        verbose_name = "代码"
        ordering = ["table", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="base_code_once")]

    def __str__(self) -> str:
        return self.name

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: old records name it."""
        raise Conflict("代码只能改名或停用，不能删除")


def code_field(table: str, title: str, **options: Any) -> Any:
    """A reference to one value of a vocabulary; retired values stay on old records and leave the choices."""
    return models.ForeignKey(
        Code,
        models.PROTECT,
        related_name="+",
        verbose_name=title,
        limit_choices_to={"table": table, "retired": False},
        **options,
    )


def codes_of(table: str) -> models.QuerySet[Code]:
    """Values that may be chosen today."""
    return Code.objects.filter(table=table, retired=False)


def _scheme(table: str, note: str) -> str:
    if table in OWN:
        return "安澜"
    return note if note.startswith("GB/T") else "JYT1001-2012"


@transaction.atomic
def load_codes(force: bool = False) -> int:
    """Store the vocabularies of the seed files; known values keep their names. Returns how many are new."""
    rows = list(seed_rows("codes"))
    known = set() if force else set(Code.objects.values_list("key", flat=True))
    tables = {
        stem: CodeTable(
            code=stem,
            title=TITLES.get(stem, stem),
            scheme=_scheme(stem, row.get("note") or ""),
            version="2012" if stem not in OWN else "1",
            source=f"seeds/codes/{stem}.csv",
        )
        for stem, row in reversed(rows)
    }
    fresh = [
        _code_from(stem, row, place)
        for place, (stem, row) in enumerate(rows)
        if f"{stem}.{row['code']}" not in known
    ]
    CodeTable.objects.bulk_create(tables.values(), ignore_conflicts=True)
    Code.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(fresh)


def _code_from(table: str, row: dict[str, str], order: int) -> Code:
    shown = {"code", "name_zh", "confidence"}
    return Code(
        key=f"{table}.{row['code']}",
        table_id=table,
        code=row["code"],
        name=row["name_zh"],
        confidence=row["confidence"],
        extra={name: value for name, value in row.items() if name not in shown and value},
        order=order,
    )


@receiver(post_migrate, dispatch_uid="base-load-codes")
def _after_migrate(sender: AppConfig, **_: object) -> None:
    if sender.label == "base" and Code._meta.db_table in connection.introspection.table_names():
        load_codes()


def add_code(actor: Actor, table: str, code: str, name: str, **extra: Any) -> Code:
    """A new value of a vocabulary. Forbidden without the right; Rejected for a wrong code or table."""
    require(actor.user, "base.codes.edit")
    if not CodeTable.objects.filter(pk=table).exists():
        raise Rejected({"table": "没有这个代码表"})
    fresh = Code(key=f"{table}.{code}", table_id=table, code=code, name=name, extra=extra, order=9999)
    validate(fresh)
    with transaction.atomic():
        fresh.save(force_insert=True)
        log(actor, "create", fresh, after={"name": name})
    return fresh


def _alter(actor: Actor, code: Code, **values: Any) -> Code:
    require(actor.user, "base.codes.edit")
    before = {name: getattr(code, name) for name in values}
    for name, value in values.items():
        setattr(code, name, value)
    validate(code)
    with transaction.atomic():
        code.save(update_fields=list(values))
        log(actor, "change", code, before=before, after=values)
    return code


def rename_code(actor: Actor, code: Code, name: str) -> Code:
    """Another name for the same value; records that use it show the new name at once."""
    return _alter(actor, code, name=name)


def retire_code(actor: Actor, code: Code, retired: bool = True) -> Code:
    """Take a value out of the choices, or put it back."""
    return _alter(actor, code, retired=retired)
