"""What the schools of a round said together: only what was handed in counts (D12.8)."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from anlan.domains.custom_forms.plans import Collection, CollectionRound
from anlan.engines.forms.api import Answer, FormVersion, Total, totals
from anlan.engines.tasks.api import Stage
from anlan.kernel.errors import Missing

Said = dict[str, Any]


@dataclass
class Gathered:
    """The tasks handed in, in the order of their schools, with their answers by question."""

    round: CollectionRound
    version: FormVersion
    tasks: list[Collection]
    answers: dict[int, Said] = field(default_factory=dict)

    def said(self, task: Collection) -> Said:
        """Answers of one school."""
        return self.answers.get(task.response_id or 0, {})

    def pairs(self) -> list[tuple[str, Said]]:
        """Names of schools with their answers."""
        return [(task.org.name, self.said(task)) for task in self.tasks]

    def totals(self) -> dict[str, Total]:
        """Sums by question."""
        return totals(self.version.form(), self.version.plan(), self.pairs())


def gathered(round_: CollectionRound, question: str = "") -> Gathered:
    """What was handed in in a round; of one question, or of all. Missing where nothing was issued."""
    version = round_.plan.form_version
    if version is None:
        raise Missing
    rows = Collection.objects.unscoped().filter(round=round_, state=Stage.COMPLETED, archived_at=None)
    found = Gathered(round_, version, list(rows.select_related("org").order_by("org__path")))
    answers = Answer.objects.filter(response__in=rows.values("response"), day__isnull=False)
    if question:
        answers = answers.filter(question=question)
    by_response: dict[int, Said] = defaultdict(dict)
    for response, uid, value in answers.values_list("response", "question", "value").iterator(5000):
        by_response[response][uid] = value
    found.answers = dict(by_response)
    return found
