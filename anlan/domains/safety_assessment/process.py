"""The process of safety assessment: run by the safety department, open all term (SAF.30-SAF.39)."""

from anlan.engines.rounds.api import Process, Text, declare_process

ASSESSMENT = declare_process(
    Process(
        code="safety_assessment",
        title="安全评估",
        area="safety",
        group="安全评估",
        runs="bureau_safety",
        takes_part="school_head school_safety school_contact",
        watches="bureau_leader bureau_viewer",
        whole=False,
        texts=(
            Text("opinion", "评审意见"),
            Text("deduction", "扣分原因", "below"),
            Text("reason", "评分理由"),
        ),
    )
)
