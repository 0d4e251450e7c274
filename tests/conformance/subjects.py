"""What the parameters of an address point to: something of a unit, made where a test needs it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.engines.audit.api import SYSTEM, log
from anlan.engines.files.api import attach, put_whole
from anlan.engines.forms.api import Form, Question, Section, add_form, publish
from anlan.engines.org.api import Grant, OrgUnit, Role
from anlan.engines.output.api import keep_export
from anlan.engines.registry.api import ledger_of
from anlan.kernel import clock
from tests.conformance.rows import a_person, values_for

Made = Mapping[str, int | str | UUID]
Maker = Callable[[OrgUnit], Made]


def of_model(label: str, name: str = "pk", **said: Any) -> Maker:
    """A stored row of this model at the unit; ``name`` is the parameter and the field it shows."""

    def make(unit: OrgUnit) -> Made:
        model: Any = apps.get_model(label)
        names = {field.name for field in model._meta.concrete_fields}
        place = {field: unit for field in ("org", "unit") if field in names}
        values = {key: value(unit) if callable(value) else value for key, value in said.items()}
        record = model(**values_for(model, unit, ledger_of(model)) | place | values)
        record.save()
        return {name: getattr(record, name)}

    return make


def an_account(unit: OrgUnit) -> Made:
    """Somebody of the unit."""
    return {"pk": a_person(unit).pk, "act": "unlock"}


def a_grant_of(unit: OrgUnit) -> Made:
    """A grant over the unit, of somebody there."""
    role = Role.objects.get(code="staff")
    return {"pk": Grant.objects.create(user=a_person(unit), role=role, unit=unit).pk}


def an_entry(unit: OrgUnit) -> Made:
    """An audit entry of the unit."""
    return {"pk": log(SYSTEM, "export", title="某单位的导出", path=unit.path).pk}


def a_role_of_nobody(unit: OrgUnit) -> Made:
    """A role; roles belong to no unit."""
    return {"pk": Role.objects.get(code="staff").pk}


def a_code(unit: OrgUnit) -> Made:
    """A value of a code table; the tables belong to no unit."""
    code: Any = apps.get_model("base.Code").objects.first()
    return {"table": code.table_id, "key": code.key}


def a_task(unit: OrgUnit) -> Made:
    """A school's task that its superiors may see."""
    made = of_model("tasks.SchoolTask")(unit)
    plans: Any = apps.get_model("tasks.SchoolTaskPlan")
    plans.unguarded.filter(rounds__assignments=made["pk"]).update(shared=True)
    return {**made, "code": "urge"}


def a_job(unit: OrgUnit) -> Made:
    """Somebody's background job."""
    model: Any = apps.get_model("tasks.Job")
    return {"pk": model.objects.create(code="x", title="作业", user=a_person(unit)).pk}


def a_message(unit: OrgUnit) -> Made:
    """Somebody's message."""
    model: Any = apps.get_model("messaging.Message")
    return {"pk": model.objects.create(title="给别人的消息", key="x", addressee=a_person(unit), org=unit).pk}


def a_file(unit: OrgUnit) -> Made:
    """A file of a lamp's maker at the unit."""
    model: Any = apps.get_model("sample.Maker")
    record = model(org=unit, name=f"厂家{model.unguarded.count()}")
    record.save()
    upload = SimpleUploadedFile("说明.txt", "谁也不该看见的文字".encode(), "text/plain")
    return {"uid": attach(SYSTEM, record, upload, "papers").uid, "variant": "download"}


def a_session_of(unit: OrgUnit) -> Made:
    """Somebody's open session."""
    model: Any = apps.get_model("identity.SignIn")
    return {"pk": model.objects.create(**values_for(model, unit) | {"user": a_person(unit)}).pk}


def an_import(unit: OrgUnit) -> Made:
    """Somebody's import."""
    return of_model("exchange.ImportSession", "uid", created_by=a_person, target="sample.lamps")(unit)


def an_export(unit: OrgUnit) -> Made:
    """Somebody's finished export."""
    return {"uid": keep_export(a_person(unit), "导出.csv", "谁也不该看见的文字".encode()).uid}


def an_upload(unit: OrgUnit) -> Made:
    """Somebody's upload on its way."""
    upload = SimpleUploadedFile("说明.txt", "谁也不该看见的文字".encode(), "text/plain")
    return {"uid": put_whole(a_person(unit), upload, None).uid}


def an_activation(unit: OrgUnit) -> Made:
    """The account allotted to a unit."""
    model: Any = apps.get_model("identity.Activation")
    due_on = clock.today() + timedelta(days=9)
    found, _ = model.objects.get_or_create(unit=unit, defaults={"user": a_person(unit), "due_on": due_on})
    return {"pk": found.pk}


def a_form(unit: OrgUnit) -> Made:
    """A form of the unit with one question."""
    form = Form((Section("消防", (Question("q1", "text", "通道是否畅通"),)),))
    made = add_form(SYSTEM, unit, title=f"{unit}检查表", subject="消防", form=form)
    return {"pk": made.pk, "verb": "add_section", "uid": "q1"}


def a_layout(unit: OrgUnit) -> Made:
    """A form of the unit laid out as a sheet of one row and two columns."""
    plan = {"sheet": "表", "widths": ["10", "10"], "heights": ["15"], "spots": [{"at": "A1", "text": "人数"}]}
    form = Form((Section("表", (Question("B1", "number", "人数"),)),))
    return {"pk": add_form(SYSTEM, unit, title=f"{unit}报表", subject="填报", form=form, layout=plan).pk}


def a_collection(unit: OrgUnit) -> Made:
    """A collection of the unit, issued under a published layout, with one sheet handed in."""
    made = of_model("custom_forms.Collection")(unit)
    model: Any = apps.get_model("custom_forms.Collection")
    task = model.unguarded.get(pk=made["pk"])
    form = apps.get_model("forms.FormDefinition").unguarded.get(pk=a_layout(unit)["pk"])  # type: ignore[attr-defined]
    plans: Any = type(task.plan).unguarded.filter(pk=task.plan.pk)
    plans.update(org=unit, form=form, form_version=publish(SYSTEM, form))
    return {"pk": task.plan.pk}


def a_collection_cell(unit: OrgUnit) -> Made:
    """The same, with a cell of its layout."""
    return {**a_collection(unit), "uid": "B1"}


def a_handed_in_sheet(unit: OrgUnit) -> Made:
    """What somebody of the unit handed in."""
    plan = a_collection(unit)["pk"]
    model: Any = apps.get_model("custom_forms.Collection")
    task = model.unguarded.get(round__plan=plan)
    place = {"model": task._meta.label_lower, "object_id": task.pk}
    apps.get_model("tasks.Report").objects.create(**place, number=1, values={"answers": {"B1": "7"}})  # type: ignore[attr-defined]
    return {"pk": task.pk, "number": 1}


def a_published_form(unit: OrgUnit) -> Made:
    """The same, with the verb that puts it into use."""
    return {**a_form(unit), "verb": "publish"}


def no_subject(unit: OrgUnit) -> Made:
    """Nothing; the address has no parameter."""
    return {}
