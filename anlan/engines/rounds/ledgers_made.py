"""The ledgers of a process, made from those of the engine."""

from anlan.engines.archives.api import not_archived
from anlan.engines.registry.api import ledger
from anlan.engines.rounds.acts_made import acts_made
from anlan.engines.rounds.processes import Process
from anlan.engines.rounds.registers import EntryLedger, RoundLedger
from anlan.engines.rounds.report_registers import ProblemLedger, ReportLedger
from anlan.engines.rounds.result_registers import VerdictLedger
from anlan.engines.rounds.scheme_registers import IndicatorLedger, SchemeLedger

KEPT_OPEN = "评估任务连同自评、评分和结果长期保存，供核对和重新计算"
LEDGERS = (
    ("Scheme", "schemes", SchemeLedger, "类别", 0),
    ("Indicator", "indicators", IndicatorLedger, "指标", 1),
    ("Round", "rounds", RoundLedger, "任务", 2),
    ("Entry", "entries", EntryLedger, "自评", 3),
    ("Verdict", "verdicts", VerdictLedger, "结果", 4),
)
REPORT_LEDGERS = (
    ("Report", "reports", ReportLedger, "报告", 5),
    ("Problem", "problems", ProblemLedger, "整改", 6),
)


def make_ledgers(process: Process) -> None:
    """Declare the ledgers of a process."""
    acts, roles = acts_made(process), roles_of(process)
    more = {"Round": {"choices": {"participants": process.among}}}
    kept = LEDGERS + (REPORT_LEDGERS if process.writers else ())
    for table, name, base, title, place in kept:
        said = {
            "code": process.right(name),
            "model": process.table(table),
            "title": f"{process.title}{title}",
            "area": process.area,
            "group": process.group,
            "order": process.order + place,
            "roles": roles[name],
            "__doc__": base.__doc__,
            **more.get(table, {}),
            **acts.get(table, {}),
        }
        ledger(type(f"{process.table(table).__name__}s", (base,), said))
    for name in ("rounds", "entries", *(("reports", "problems") if process.writers else ())):
        not_archived(process.right(name), KEPT_OPEN)


def roles_of(process: Process) -> dict[str, dict[str, str]]:
    """Who does what: the department keeps, others look on, participants see their own part."""
    above = " ".join(dict.fromkeys(f"{process.runs} {process.decides} {process.watches}".split()))
    kept = dict.fromkeys(("add", "edit", "archive", "import"), process.runs)
    all_ = f"{above} {process.takes_part}"
    return {
        "schemes": kept | {"view": above, "export": above},
        "indicators": kept | {"view": above, "export": above},
        "rounds": kept | {"view": all_, "export": above},
        "entries": {"view": all_, "export": above},
        "verdicts": {"view": all_, "export": above, "edit": process.decides},
        "reports": {"view": f"{all_} {process.writers}", "export": above, "edit": process.writers},
        "problems": {"view": f"{all_} {process.writers}", "export": above, "edit": process.writers},
    }
