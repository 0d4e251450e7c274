"""Rules a form keeps together with its layout."""

from anlan.engines.forms.definition import Form
from anlan.engines.forms.layouts.computing import order_of
from anlan.engines.forms.layouts.formulas import named, parse
from anlan.engines.forms.layouts.lattice import ADDRESS, Layout
from anlan.engines.forms.layouts.results import formulas_of
from anlan.kernel.errors import Rejected


def refuse_misplaced(form: Form, layout: Layout | None) -> None:
    """Rejected where questions stand outside the sheet, or formulas go in circles or point outside."""
    formulas = formulas_of(form)
    if layout is None:
        if formulas:
            raise Rejected({"draft": "公式只能用在表样的单元格里"})
        return
    away = [q.uid for q in form.questions() if not ADDRESS.fullmatch(q.uid) or not layout.holds(q.uid)]
    if away:
        raise Rejected({"draft": f"{'、'.join(away[:5])} 不是表里的单元格"})
    try:
        order_of(formulas)
    except Rejected as refusal:
        raise Rejected({"draft": refusal.message}) from None
    for at, formula in formulas.items():
        outside = [one for one in named(parse(formula)) if not _inside(layout, one)]
        if outside:
            raise Rejected({"draft": f"{at} 的公式用到了表外的 {outside[0]}"})


def _inside(layout: Layout, at: str) -> bool:
    return layout.holds(at) or at in layout.by_address()
