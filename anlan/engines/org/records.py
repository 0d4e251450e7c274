"""Record: the base of every business row. It belongs to a unit, carries a version,
is archived rather than deleted.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.engines.org.scoping import Scope, require
from anlan.engines.org.sharing import shared_condition
from anlan.kernel import clock, ids
from anlan.kernel.errors import Conflict, Missing

KEPT = "记录只能归档或作废，不能删除"
FROZEN = "已经发布的内容不能改写"


class ScopeMissing(RuntimeError):
    """A query on records was about to run without saying whose eyes it is for."""


class KeepingQuerySet(models.QuerySet[Any]):
    """A queryset that never overwrites the ``FROZEN`` fields of stored records, whoever asks."""

    def update(self, **kwargs: Any) -> int:
        """As Django's; Conflict for a frozen field."""
        if set(self.model.FROZEN.split()) & {name.removesuffix("_id") for name in kwargs}:
            raise Conflict(FROZEN)
        return super().update(**kwargs)


class ScopedQuerySet(KeepingQuerySet):
    """A queryset that refuses to run before :meth:`visible` or :meth:`unscoped` was called."""

    _scope_said = False

    def _clone(self) -> Self:
        copy: Self = super()._clone()  # type: ignore[misc]
        copy._scope_said = self._scope_said
        return copy

    def _guard(self) -> None:
        if not self._scope_said:
            raise ScopeMissing(f"{self.model.__name__}: say visible(user, permission) or unscoped()")

    def visible(self, user: Any, permission: str) -> Self:
        """Rows the person may see under the permission; Forbidden where the right is not held anywhere."""
        found = require(user, permission)
        rows = self.unscoped().filter(self.model.scope_condition(user, found))
        return self.model.narrow(rows, user, found)  # type: ignore[no-any-return]

    def unscoped(self) -> Self:
        """Every row; for the system's own work, never to answer a person."""
        rows = self._chain()  # type: ignore[attr-defined]
        rows._scope_said = True
        return rows  # type: ignore[no-any-return]

    def one(self, **lookup: Any) -> Any:
        """The single row; Missing where there is none inside the scope."""
        try:
            return self.get(**lookup)
        except (self.model.DoesNotExist, ValueError, OverflowError):
            raise Missing from None

    def _fetch_all(self) -> None:
        self._guard()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = 2000) -> Iterator[Any]:
        """Rows one by one, guarded."""
        self._guard()
        return super().iterator(chunk_size)

    def count(self) -> int:
        """Number of rows, guarded."""
        self._guard()
        return super().count()

    def exists(self) -> bool:
        """Whether there is a row, guarded."""
        self._guard()
        return super().exists()

    def delete(self) -> Any:
        """Never: records are archived or voided."""
        raise Conflict(KEPT)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Aggregates, guarded."""
        self._guard()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Conditional update, guarded; the write path is its only caller."""
        self._guard()
        return super().update(**kwargs)


class Record(models.Model):
    """A business row: ``org`` decides who may see it, ``version`` who was first,
    ``uid`` that it is stored once. ``FROZEN`` names the fields that stay as they were first stored,
    ``BY_KEY`` those of JSON objects of which the audit trail keeps the keys that changed instead of all of it.
    """

    OWNER: ClassVar[str] = ""
    INHERITED: ClassVar[bool] = False
    SHAREABLE: ClassVar[bool] = False
    FROZEN: ClassVar[str] = ""
    BY_KEY: ClassVar[str] = ""

    uid = models.UUIDField(default=ids.new_uid, unique=True, editable=False)
    org = models.ForeignKey("org.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("登记时间", default=clock.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="登记人",
    )
    updated_at = models.DateTimeField("更新时间", default=clock.now, editable=False)
    archived_at = models.DateTimeField("归档时间", null=True, blank=True, editable=False)

    unguarded = KeepingQuerySet.as_manager()
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_manager_name = "unguarded"
        base_manager_name = "unguarded"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; Conflict for a stored record with frozen fields, which only the write path changes."""
        if self.FROZEN and not self._state.adding:
            raise Conflict(FROZEN)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Never, whoever asks: a record is archived or voided with a reason (P.13, X.2)."""
        raise Conflict(KEPT)

    @classmethod
    def scope_condition(cls, user: Any, found: Scope) -> Q:
        """Rows inside the scope: the units below; own rows;
        for laid-down records also those of the units above; for looking, what was shared with an agency.
        """
        condition = found.condition()
        if cls.OWNER and found.own_paths:
            condition |= found.own_condition() & Q(**{cls.OWNER: user})
        if cls.INHERITED:
            condition |= found.inherited_condition()
        if cls.SHAREABLE and found.permission.endswith(".view"):
            condition |= shared_condition(cls, user)
        return condition

    def signing(self, actor: Any) -> Any:
        """Hook: as whom this person's acts on the record are written down (nobody, for a hidden sender)."""
        return actor

    def unsaid(self) -> frozenset[str]:
        """Hook: fields whose values the audit trail does not name (the hidden sender of a report)."""
        return frozenset()

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Scope) -> Any:
        """Hook: take away rows that stay closed even inside the scope (confidential reports,
        private drafts).
        """
        return rows
