"""The acts of the ledgers, made for each process with its rights."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act
from anlan.engines.rounds.forms_asked import (
    BranchForm,
    DemandForm,
    DemandMoreForm,
    DissolveForm,
    PanelForm,
    ReplaceForm,
    ReportForm,
    ReviewForm,
    SheetForm,
    SheetReturnForm,
    TitleForm,
    WriterForm,
)
from anlan.engines.rounds.packing import start_packing
from anlan.engines.rounds.panels import dissolve, form_panel, free_leaves, replace_judge
from anlan.engines.rounds.processes import Process
from anlan.engines.rounds.publishing import demand
from anlan.engines.rounds.reports import BEING_WRITTEN, REPORTABLE, appoint, demand_more, reword, write
from anlan.engines.rounds.returning import return_sheet
from anlan.engines.rounds.reviewing import review
from anlan.engines.rounds.round_records import RECKONED, SHOWN
from anlan.engines.rounds.schemes import copy_scheme
from anlan.engines.rounds.stating import start_stating
from anlan.engines.rounds.tree_sheets import copy_branch, read_tree

BEING_JUDGED = ("open", "scoring")


def _panelled(record: Any) -> bool:
    return bool(record.state in BEING_JUDGED)


def _to_be_grouped(record: Any) -> bool:
    return _panelled(record) and bool(free_leaves(record))


def _to_review(record: Any) -> bool:
    return bool(record.round.state == "aggregated" and record.archived_at is None)


def _copy(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> str:
    return self.url_of(copy_scheme(actor, record, values["title"]))  # type: ignore[no-any-return]


def _bring_in(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    read_tree(actor, record, values["file"])


def _copy_branch(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> str:
    copy_branch(actor, record, values["scheme"], values["parent"])
    return str(values["scheme"].get_absolute_url())


def _pack(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> str:
    start_packing(actor, record)
    return "/jobs/"


def _group(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    form_panel(actor, record, values["title"], values["judges"], values["leaves"])


def _ungroup(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    dissolve(actor, record.panels.get(pk=values["panel"]))


def _replace(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    panel, former = values["place"].split("-")
    found = record.panels.get(pk=panel)
    replace_judge(actor, found, found.judges.get(pk=former), values["judge"])


def _send_back(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> str:
    return_sheet(actor, record.entry.sheets.get(pk=values["sheet"]), values["opinion"])
    return str(record.round.get_absolute_url())


def _appoint(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> str:
    return str(appoint(actor, record, values["writer"]).get_absolute_url())


def _demand_more(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    demand_more(actor, record, values["leaf"], values["text"])


def _write(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    write(actor, record, values)


def _reword(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    reword(actor, record, values)


def _demand(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    demand(actor, record, values["due_on"])


def _review(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> None:
    review(actor, record, values["said"], values["texts"])


def _state(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> str:
    start_stating(actor, record)
    return "/jobs/"


def _acting(name: str, method: Any, title: str, right: str, **more: Any) -> dict[str, Any]:
    """An act of one process: the method under its own name, so that the processes do not share a right."""

    def own(self: Any, actor: Actor, record: Any, values: dict[str, Any]) -> Any:
        return method(self, actor, record, values)

    if hasattr(Ledger, name):
        raise ImproperlyConfigured(f"an act cannot be called {name}: ledgers have an attribute of that name")
    own.__name__, own.__doc__ = name, title
    return {name: act(title, right, **more)(own)}


def _appointing(process: Process) -> dict[str, Any]:
    return _acting(
        "appoint", _appoint, "指定报告编写人", process.right("verdicts.edit"), form=WriterForm, icon="pencil",
        when=lambda row: row.round.state in REPORTABLE and row.archived_at is None,
    )  # fmt: skip


def _writing(process: Process) -> dict[str, dict[str, Any]]:
    """What a writer does with a report and its demands."""
    right, writing = process.right("reports.edit"), lambda row: row.state in BEING_WRITTEN
    return {
        "Report": _acting("write", _write, "编写报告", right, form=ReportForm, icon="edit", when=writing)
        | _acting(
            "demand_more", _demand_more, "增加整改要求", right, form=DemandMoreForm, icon="plus", when=writing
        ),
        "Problem": _acting(
            "reword", _reword, "修改要求", process.right("problems.edit"), form=DemandMoreForm, icon="edit",
            when=lambda row: row.state == "drafted" and row.report.state in BEING_WRITTEN,
        ),
    }  # fmt: skip


def acts_made(process: Process) -> dict[str, dict[str, Any]]:
    """The acts of each ledger with the rights of the process."""
    reported = _appointing(process) if process.writers else {}
    rounds, verdicts = process.right("rounds.edit"), process.right("verdicts.edit")
    return {
        "Scheme": _acting("copy", _copy, "复制为新的一套", process.right("schemes.add"), form=TitleForm, icon="copy")
        | _acting(
            "bring_in", _bring_in, "导入指标表", process.right("indicators.import"), form=SheetForm, icon="upload",
            when=lambda row: not row.frozen,
        ),
        "Indicator": _acting(
            "copy_branch", _copy_branch, "复制到其他类别", process.right("indicators.add"), form=BranchForm, icon="copy"
        ),
        "Round": _acting("form_panel", _group, "新增评委组", rounds, form=PanelForm, icon="users", when=_to_be_grouped)
        | _acting("dissolve", _ungroup, "撤销评委组", rounds, form=DissolveForm, icon="x", when=_panelled)
        | _acting(
            "replace", _replace, "更换评委", rounds, form=ReplaceForm, icon="refresh",
            when=lambda row: row.state == "scoring",
        )
        | _acting(
            "demand", _demand, "要求交齐自评", rounds, form=DemandForm, icon="bell",
            when=lambda row: row.state == "open",
        )
        | _acting(
            "pack", _pack, "打包下载结果", process.right("rounds.export"), icon="download",
            when=lambda row: row.state in RECKONED, effect="每个参评单位一个 Excel 文件，装在一个压缩包里",
        )
        | _acting(
            "state", _state, "导出结果文件", process.right("rounds.export"), icon="file-certificate",
            when=lambda row: row.state in SHOWN, effect="签名的结果文件，可以在任何电脑上重新计算核对",
        ),
        "Verdict": _acting("review", _review, "复核", verdicts, form=ReviewForm, icon="edit", when=_to_review)
        | _acting(
            "send_back", _send_back, "退回评委重评", verdicts, form=SheetReturnForm, icon="arrow-back-up",
            when=_to_review, effect="这份结果作废，评委重新提交后再汇总",
        )
        | reported,
    } | (_writing(process) if process.writers else {})  # fmt: skip
