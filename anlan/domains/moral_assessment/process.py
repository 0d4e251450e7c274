"""The assessment of moral education: one group of judges per indicator, review by the department (MOR.01-MOR.12)."""

from anlan.engines.rounds.api import Process, Text, declare_process

ASSESSMENT = declare_process(
    Process(
        code="moral_assessment",
        title="德育评估",
        area="evaluation",
        group="德育评估",
        runs="bureau_moral",
        takes_part="school_head school_moral",
        watches="bureau_leader bureau_viewer",
        texts=(
            Text("opinion", "评估意见"),
            Text("deduction", "扣分原因"),
            Text("reason", "评分理由"),
        ),
        dated=True,
        order=300,
    )
)
