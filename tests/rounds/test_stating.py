"""A closed round leaves as one signed file, and recomputing that file comes to the results the pages show."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anlan.domains.safety_assessment.models import Round
from anlan.engines.evaluation.api import check, fingerprint
from anlan.engines.rounds.api import review
from anlan.engines.rounds.stating import state_result
from anlan.engines.tasks.api import Job
from anlan.site.command import main
from tests.factories import a_user
from tests.rounds.hall import Hall, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(hall: Hall, settings: Any, tmp_path: Path) -> Round:
    """Published, one score reviewed."""
    settings.MEDIA_ROOT = tmp_path / "files"
    round_ = hall.aggregated()
    review(hall.office, hall.verdict(round_, 1), {"C2": (Decimal("4.5"), "补交了记录")})
    return hall.announce(round_)


def fetched(hall: Hall, round_: Round) -> str:
    """The file, asked for, made and downloaded as the department does."""
    client = browser(hall.office.user)
    assert client.post(f"{hall.stem}/rounds/{round_.pk}/act/state").status_code == 303
    job = Job.objects.latest("pk")
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempt=1)
    job.refresh_from_db()
    answer = client.get(state_result(job, **job.values)["url"])
    return b"".join(answer).decode()


def test_the_file_recomputes_to_what_the_pages_show(
    hall: Hall, shown: Round, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = fetched(hall, shown)
    assert check(text) == []
    standings = json.loads(text)["result"]["standings"]
    for verdict in hall.table("Verdict").unguarded.filter(round=shown).select_related("org"):
        said = standings[verdict.org.code]
        assert (Decimal(said["total"]), said["rank"]) == (verdict.total, verdict.rank)
        assert {leaf: Decimal(one) for leaf, one in said["final"].items()} == {
            leaf: Decimal(one["final"]) for leaf, one in verdict.scores.items()
        }
    page = browser(hall.heads[0].user).get(f"{hall.stem}/rounds/{shown.pk}/").content.decode()
    assert fingerprint(text) in page, "the key is named where everybody concerned sees it"
    path = tmp_path / "result.json"
    path.write_text(text, encoding="utf-8")
    assert main(["verify", str(path)]) == 0
    said = json.loads(text)
    [judge] = said["case"]["panels"][1]["judges"]
    path.write_text(text.replace('"4.5"', '"5"'), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    assert "签名后被改动" in capsys.readouterr().out
    assert judge.isdigit(), "judges are numbers in the file, not names"


def test_only_who_may_export_gets_the_file_and_not_before_publication(
    hall: Hall, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    round_ = hall.aggregated()
    url = f"{hall.stem}/rounds/{round_.pk}/act/state"
    assert browser(hall.office.user).post(url).status_code == 409
    hall.announce(round_)
    assert browser(hall.heads[0].user).post(url).status_code == 403
    assert browser(hall.judges[0]).post(url).status_code in (403, 404)
    assert browser(a_user(hall.process.runs, hall.tree["350583"])).post(url).status_code == 404
    assert not Job.objects.filter(code__endswith="state_result").exists()
