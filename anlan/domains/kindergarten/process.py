"""The evaluation of kindergartens: led, reported on, followed up (KG.01-KG.31)."""

from django.db.models import Q

from anlan.base.schools import School, SchoolKind
from anlan.engines.org.api import Kind
from anlan.engines.rounds.api import Process, Text, declare_process

KINDERGARTENS = School.unguarded.filter(kind=SchoolKind.KINDERGARTEN, archived_at=None)

EVALUATION = declare_process(
    Process(
        code="kindergarten",
        title="幼儿园评估",
        area="evaluation",
        group="幼儿园评估",
        runs="bureau_supervision",
        leads="evaluation_lead",
        takes_part="school_head school_contact",
        watches="bureau_leader bureau_viewer",
        writers="report_writer",
        subject="幼儿园",
        among=Q(kind=Kind.SCHOOL, pk__in=KINDERGARTENS.values("org")),
        explains_below=False,
        own_rows=False,
        texts=(
            Text("opinion", "评估意见"),
            Text("deduction", "扣分依据"),
            Text("demand", "整改要求"),
        ),
        summed=("opinion", "demand"),
        demanded="demand",
        order=200,
    )
)
