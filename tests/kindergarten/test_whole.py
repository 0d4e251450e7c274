"""One evaluation of kindergartens from its start to the last problem, by all its roles (KG.01, KG.16, KG.31)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.engines.rounds.api import Said, save_item, submit_sheet
from anlan.kernel import clock
from tests.factories import a_user
from tests.kindergarten.garden import Garden
from tests.rounds.hall import actor, browser, run_job

pytestmark = pytest.mark.django_db

# The steps in order: whose it is, on what, its name, what it sends.
STEPS = (
    ("office", "round", "move/publish", {}),
    ("head", "entry", "move/submit", {}),
    ("office", "entry", "move/accept", {}),
    ("office", "round", "move/begin_scoring", {}),
    ("lead", "round", "move/aggregate", {}),
    ("lead", "round", "move/confirm", {}),
    ("office", "round", "move/announce", {}),
    ("lead", "verdict", "act/appoint", {}),
    ("writer", "report", "move/submit", {}),
    ("lead", "report", "move/confirm", {}),
    ("head", "problem", "move/answer", {"answer": "已整改"}),
    ("lead", "problem", "move/accept", {}),
    ("office", "round", "move/close", {}),
)
ALONGSIDE = {("move/announce", "act/appoint")}  # a writer may begin as soon as the lead has confirmed
TABLES = {"round": "Round", "entry": "Entry", "verdict": "Verdict", "report": "Report", "problem": "Problem"}
STEMS = {
    "round": "rounds",
    "entry": "entries",
    "verdict": "verdicts",
    "report": "reports",
    "problem": "problems",
}


class Story:
    """The evaluation of one kindergarten, step by step through the pages."""

    def __init__(self) -> None:
        self.garden = Garden()
        self.garden.schools = self.garden.schools[:1]
        self.people = {
            "office": self.garden.office.user,
            "lead": self.garden.lead.user,
            "head": self.garden.heads[0].user,
            "judge": self.garden.judges[0],
            "other judge": self.garden.judges[2],
            "writer": self.garden.writer,
        }
        self.round = self.garden.draft()

    def record(self, what: str) -> Any:
        """The one there is, or nothing yet."""
        return self.garden.table(TABLES[what]).unguarded.filter(archived_at=None).order_by("pk").first()

    def post(self, who: str, what: str, step: str, said: dict[str, Any]) -> int:
        """The answer to a step by somebody; 404 for what is not there yet."""
        record = self.record(what)
        if record is None:
            return 404
        if step == "move/answer":
            said = said | {"after": SimpleUploadedFile("整改.txt", "好".encode(), content_type="text/plain")}
        if step == "act/appoint":
            said = said | {"writer": self.garden.writer.pk}
        url = f"{self.garden.stem}/{STEMS[what]}/{record.pk}/{step}"
        return browser(self.people[who]).post(url, said).status_code

    def prepare(self, at: int) -> None:
        """What is done beside the steps before the one at this place."""
        garden, step = self.garden, STEPS[at][1:3]
        if step == ("entry", "move/submit"):
            for leaf in garden.table("Round").unguarded.get().indicators.leaves:
                save_item(garden.heads[0], self.record("entry"), leaf.code, Said(leaf.scale.most, "做到了"))
        elif step == ("round", "move/begin_scoring"):
            garden.panels(self.record("round"))
        elif step == ("round", "move/aggregate"):
            for judge, said in enumerate(({"C1": "8", "C2": "5"}, {"C1": "9", "C2": "5"}, {"A2": "20"})):
                submit_sheet(
                    actor(garden.judges[judge]), garden.score(garden.sheet(self.round, judge), **said)
                )
        elif step == ("round", "move/confirm"):
            run_job(self.round)
            self.sum_up()
        elif step == ("report", "move/submit"):
            report = self.record("report")
            for problem in report.problems.order_by("pk")[1:]:
                garden.move(problem, "drop", actor(garden.writer))
            due = {"body": report.body, "due_on": (clock.today() + timedelta(days=20)).isoformat()}
            assert self.post("writer", "report", "act/write", due) == 303

    def sum_up(self) -> None:
        """The lead keeps what the judges wrote."""
        verdict = self.record("verdict")
        said = {f"final-{leaf}": one["final"] for leaf, one in verdict.scores.items()}
        for leaf in verdict.scores:
            said |= {f"text-opinion-{leaf}": "良好", f"text-demand-{leaf}": "补齐记录"}
        assert self.post("lead", "verdict", "act/review", said) == 303


@pytest.mark.requirement("KG.01", "KG.16")
def test_every_step_is_open_to_its_role_in_its_state_only() -> None:
    story = Story()
    for at, (who, what, step, said) in enumerate(STEPS):
        story.prepare(at)
        for other in story.people:
            if other != who:
                assert story.post(other, what, step, said) in {403, 404}, (step, other)
        for later in STEPS[at + 1 :]:
            if later[1:3] != (what, step) and (step, later[2]) not in ALONGSIDE:
                assert story.post(*later) in {404, 409}, (step, later)
        assert story.post(who, what, step, said) == 303, step
        assert story.post(who, what, step, said) == 409 or step == "act/appoint", step
        parts_agree(story)
    assert story.record("round").state == "closed"
    assert story.record("report").state == "closed"
    assert story.record("problem").state == "confirmed"


def parts_agree(story: Story) -> None:
    """The page of the round shows each part as it stands, and who takes part sees the state."""
    record = story.record("round")
    url = f"{story.garden.stem}/rounds/{record.pk}/"
    for who in ("office", "lead", "head"):
        page = browser(story.people[who]).get(url).content.decode()
        assert record.state_shown.title in page, who
    page = browser(story.people["office"]).get(url).content.decode()
    if record.state in ("confirmed", "published", "closed"):
        report, problem = story.record("report"), story.record("problem")
        numbers = page.split("报告与整改", 1)[1]
        for row, word in ((report, "报告"), (problem, "整改")):
            if row is not None:
                shown = numbers.split(f"{word}{row.state_shown.title}", 1)[1]
                same = type(row).unguarded.filter(state=row.state).count()
                assert shown.split('class="al-num">', 1)[1].startswith(f"{same}<"), row
    else:
        assert ("还没有开始，确认复核以后编写报告" in page) == (record.state != "draft")
        assert ("汇总以后显示" in page) == (record.state not in ("draft", "aggregated"))
    other = browser(a_user("school_head", story.garden.tree.sister_school))
    for what in ("entry", "verdict", "report", "problem"):
        if (row := story.record(what)) is not None:
            assert other.get(f"{story.garden.stem}/{STEMS[what]}/{row.pk}/").status_code == 404, what


@pytest.mark.requirement("KG.31")
def test_a_kindergarten_reads_its_own_scores_once_they_are_confirmed(garden: Garden) -> None:
    round_ = garden.aggregated()
    head, other = browser(garden.heads[0].user), browser(garden.heads[1].user)
    url = f"{garden.stem}/verdicts/{garden.verdict(round_).pk}/"
    assert head.get(url).status_code == 404
    garden.announce(round_)
    page = head.get(url).content.decode()
    office = browser(garden.office.user).get(url).content.decode()
    for said in ("8.50", "33.5", "评委甲", "评委乙", "评委丙"):
        assert said in page
        assert said in office
    assert other.get(url).status_code == 404
    assert garden.verdict(round_).total == Decimal("33.50")
