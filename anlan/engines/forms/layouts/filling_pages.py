"""Results of formulas while a layout is being filled in; nothing is stored."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from anlan.engines.forms.definition import Form
from anlan.engines.forms.layouts.drafting import in_format
from anlan.engines.forms.layouts.lattice import Layout, Spot
from anlan.engines.forms.layouts.results import results
from anlan.engines.forms.posting import typed_in
from anlan.engines.forms.purposes import readable_response
from anlan.engines.forms.values import Wrong, clean


@require_POST
def results_json(request: HttpRequest, uid: UUID) -> JsonResponse:
    """The text of every computed cell for what stands in the fields now; empty where there is none."""
    response = readable_response(request.user, uid=uid)
    form = response.form_version.form()
    stored = dict(response.answers.values_list("question", "value"))
    layout = response.form_version.plan()
    said = results(form, layout, stored | _typed(form, typed_in(form, request.POST)))
    spots = layout.by_address() if layout else {}
    computed = [question.uid for question in form.questions() if question.type == "computed"]
    answer = JsonResponse(
        {"results": {at: _shown(layout, spots.get(at), said.get(at, "")) for at in computed}}
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _shown(layout: Layout | None, spot: Spot | None, text: str) -> str:
    """A result in the number format of its cell."""
    return in_format(text, layout.look_of(spot).format) if layout else text


def _typed(form: Form, said: dict[str, Any]) -> dict[str, Any]:
    """Typed values as they would be stored; those that cannot be taken count as nothing."""
    known, found = form.by_uid(), {}
    for uid, raw in said.items():
        try:
            found[uid] = clean(known[uid], raw)
        except Wrong:
            found[uid] = None
    return found
