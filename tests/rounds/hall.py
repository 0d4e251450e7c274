"""The people of a safety assessment: department, two schools, three judges, and a round at any stage."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from anlan.engines.audit.api import Actor, create
from anlan.engines.rounds.api import (
    Assessor,
    Process,
    Said,
    aggregate,
    collected,
    form_panel,
    processes,
    review,
    save_item,
    save_score,
    submit_sheet,
)
from anlan.engines.tasks.api import Job
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.factories import a_tree, a_user

STEM = "/safety-assessment"
DESK = "/evaluations/safety_assessment"
TREE = (
    ("A1", "管理", "", None),
    ("B1", "制度", "A1", None),
    ("C1", "责任落实", "B1", 10),
    ("C2", "应急预案", "B1", 5),
    ("A2", "设施", "", 20),
)
WORDS = {"opinion": "材料完整", "reason": "符合标准", "deduction": "缺少记录", "demand": "补齐记录"}


def actor(user: Any) -> Actor:
    """The person on the web."""
    return Actor.person(user, "web")


def browser(user: Any) -> Client:
    """The person, signed in."""
    client = Client()
    client.force_login(user)
    return client


class Hall:
    """Everybody, and a scheme of three levels."""

    def __init__(self, code: str = "safety_assessment") -> None:
        self.process: Process = processes[code]
        self.tree = a_tree()
        self.office = actor(a_user(self.process.runs, self.tree.county, name="周科长"))
        self.lead = (
            actor(a_user(self.process.leads, self.tree.county, name="郑组长"))
            if self.process.leads
            else self.office
        )
        self.judges = [a_user("judge", self.tree.county, name=f"评委{name}") for name in "甲乙丙"]
        self.schools = [self.tree.school, self.tree.sister_school]
        self.heads = [actor(a_user("school_head", unit)) for unit in self.schools]
        for judge in self.judges:
            create(self.office, Assessor(org=self.tree.county, user=judge))
        Scheme, Indicator = self.table("Scheme"), self.table("Indicator")
        self.scheme = create(self.office, Scheme(org=self.tree.county, title="安全工作评估"))
        for place, (code, title, parent, standard) in enumerate(TREE):
            said = {"code": code, "title": title, "parent": parent, "standard": standard, "place": place}
            create(self.office, Indicator(org=self.tree.county, scheme=self.scheme, **said))

    @property
    def stem(self) -> str:
        """Where its ledgers are."""
        return f"/{self.process.code.replace('_', '-')}"

    @property
    def pages(self) -> str:
        """Where the desks and score pages are."""
        return f"/evaluations/{self.process.code}"

    def table(self, name: str) -> Any:
        """A table of the process."""
        return self.process.table(name)

    def draft(self, title: str = "秋季安全评估", **said: Any) -> Any:
        """A round nobody but the department sees."""
        if self.process.dated:
            said.setdefault("due_on", clock.today() + timedelta(days=30))
        made = create(
            self.office,
            self.table("Round")(
                org=self.tree.county, scheme=self.scheme, title=title, requirements="逐项自评", **said
            ),
        )
        made.participants.set(self.schools)
        return made

    def move(self, record: Any, name: str, by: Actor | None = None, **values: Any) -> Any:
        """One move of a fresh copy of the record."""
        fresh = type(record).unguarded.get(pk=record.pk)
        return perform(by or self.office, fresh, name, values)

    def published(self) -> Any:
        """Schools may fill in."""
        return self.move(self.draft(), "publish")

    def entry(self, round_: Any, school: int = 0) -> Any:
        """A school's part."""
        return self.table("Entry").unguarded.get(round=round_, org=self.schools[school], archived_at=None)

    def fill(self, round_: Any, school: int = 0) -> Any:
        """Filled in with full scores, submitted and passed."""
        entry = self.entry(round_, school)
        for leaf in round_.indicators.leaves:
            save_item(self.heads[school], entry, leaf.code, Said(leaf.scale.most, "按要求完成"))
        self.move(entry, "submit", self.heads[school])
        return self.move(entry, "accept")

    def panels(self, round_: Any) -> None:
        """Two judges for C1 and C2, one for A2."""
        form_panel(self.office, round_, "管理组", self.judges[:2], ["C1", "C2"])
        form_panel(self.office, round_, "设施组", self.judges[2:], ["A2"])

    def scoring(self) -> Any:
        """Judges at work on both schools."""
        round_ = self.published()
        for school in (0, 1):
            self.fill(round_, school)
        self.panels(round_)
        return self.move(round_, "begin_scoring")

    def sheet(self, round_: Any, judge: int, school: int = 0) -> Any:
        """The sheet of a judge for a school."""
        return self.table("Sheet").unguarded.get(
            round=round_, judge=self.judges[judge], entry__org=self.schools[school], archived_at=None
        )

    def score(self, sheet: Any, **scores: str) -> Any:
        """Some scores into a sheet."""
        for leaf, score in scores.items():
            sheet = type(sheet).unguarded.get(pk=sheet.pk)
            save_score(actor(sheet.judge), sheet, leaf, Decimal(score), WORDS)
        return type(sheet).unguarded.get(pk=sheet.pk)

    def judged(self, equal: bool = False) -> Any:
        """Every sheet handed in: 8 and 9 of 10, 5, 20 for the first school; 7, 7, 4, 18 for the second."""
        round_ = self.scoring()
        other = ("8", "9", "20") if equal else ("7", "7", "18")
        for school, (one, two, third) in enumerate((("8", "9", "20"), other)):
            c2 = "4" if school and not equal else "5"
            for judge, said in enumerate(({"C1": one, "C2": c2}, {"C1": two, "C2": c2}, {"A2": third})):
                sheet = self.score(self.sheet(round_, judge, school), **said)
                submit_sheet(actor(self.judges[judge]), sheet)
        return type(round_).unguarded.get(pk=round_.pk)

    def aggregated(self, equal: bool = False) -> Any:
        """Reckoned, not yet shown."""
        round_ = self.move(self.judged(equal), "aggregate", self.lead)
        run_job(round_)
        return type(round_).unguarded.get(pk=round_.pk)

    def announce(self, round_: Any) -> Any:
        """Summed up where that is owed, confirmed, shown."""
        self.confirm(round_)
        return self.move(round_, "announce")

    def confirm(self, round_: Any) -> Any:
        """Summed up where that is owed, and confirmed."""
        for verdict in round_.verdicts.filter(archived_at=None) if self.process.summed else ():
            review(self.lead, verdict, {}, collected(verdict))
        return self.move(round_, "confirm", self.lead)

    def verdict(self, round_: Any, school: int = 0) -> Any:
        """The result of a school."""
        return self.table("Verdict").unguarded.get(round=round_, org=self.schools[school], archived_at=None)


def run_job(round_: Any) -> dict[str, Any]:
    """The job that reckons the round, here and now."""
    job = Job.objects.filter(code__endswith=".aggregate").latest("pk")
    return aggregate(job, **job.values) or {}
