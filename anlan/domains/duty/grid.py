"""The roster as a grid of days and shifts: a field for every seat, for keyboard and phone alike (S04.2)."""

import re
from collections import defaultdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anlan.base.people import Person
from anlan.base.rostering import PARTS
from anlan.domains.duty.doubts import doubts_of
from anlan.domains.duty.drawing_up import Seat, people_named, put, seats_of, watches_of
from anlan.domains.duty.rosters import DRAFT, PAST, Roster, Turn, Watch
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import require
from anlan.engines.registry.api import fresh_key, once
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from anlan.shell.deadlines import WEEKDAYS
from anlan.shell.parts import Action, Crumb

VIEW, EDIT = "duty.rosters.view", "duty.rosters.edit"
SPLIT = re.compile(r"[、,，;；]+")


class GridForm(forms.Form):
    """One field per shift and part, holding names; ``version`` is that of the roster looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, roster: Roster, data: Any = None) -> None:
        self.roster, self.watches = roster, watches_of(roster)
        super().__init__(data, initial={"version": roster.version})
        self.seats: dict[str, Seat] = {}
        there = seats_of(roster)
        for watch in self.watches:
            for part, words in PARTS:
                turns = there.get((watch.pk, part), [])
                if watch.needed(part) or turns:
                    self._add(watch, part, f"{watch} {words}", turns)

    def _add(self, watch: Watch, part: str, label: str, turns: list[Turn]) -> None:
        name = f"seat-{watch.pk}-{part}"
        self.seats[name] = (watch.pk, part)
        attrs = {"list": "people", "class": "form-control", "autocomplete": "off", "aria-label": label}
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=200, widget=forms.TextInput(attrs=attrs)
        )
        self.initial[name] = "、".join(turn.person.name for turn in turns)

    def clean(self) -> dict[str, Any]:
        """Names become people; what is wrong is said at the field."""
        data: dict[str, Any] = super().clean() or {}
        self.wanted: dict[Seat, list[Person]] = {}
        for name, seat in self.seats.items():
            if name not in self.changed_data:
                continue
            words = [word.strip() for word in SPLIT.split(data.get(name, "")) if word.strip()]
            people, faults = people_named(self.roster, words)
            for said in faults or (["同一人写了两次"] if len(set(people)) < len(people) else []):
                self.add_error(name, said)
            self.wanted[seat] = people
        return data

    def rows(self) -> list[dict[str, Any]]:
        """Days with their shifts, each with its bound fields."""
        days: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for watch in self.watches:
            cells = [
                {"part": words, "field": self[name], "needed": watch.needed(part)}
                for part, words in PARTS
                if (name := f"seat-{watch.pk}-{part}") in self.fields
            ]
            days[watch.day].append({"watch": watch, "cells": cells})
        return [
            {"day": day, "week": WEEKDAYS[day.weekday()], "shifts": shifts} for day, shifts in days.items()
        ]


def _roster(request: HttpRequest, pk: int) -> Roster:
    roster: Roster = Roster.objects.visible(request.user, VIEW).select_related("org").one(pk=pk)
    if not require(request.user, EDIT).covers(roster.org.path):
        raise Forbidden(EDIT)
    return roster


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill the seats; 409 once the roster is out or somebody else changed it meanwhile, 422 for unknown names."""
    roster = _roster(request, pk)
    if roster.state != DRAFT:
        raise Conflict(PAST)
    form = GridForm(roster, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, roster, form)
    actor = Actor.of(request)

    def work() -> str:
        change(actor, roster, {}, action="draw", version=form.cleaned_data["version"])
        put(actor, roster, form.wanted)
        return f"{roster.get_absolute_url()}grid/"

    try:
        return once(request, actor, work)
    except Rejected as refused:
        for said in refused.fields.values():
            form.add_error(None, said)
        return _show(request, roster, form)


def _show(request: HttpRequest, roster: Roster, form: GridForm) -> HttpResponse:
    url = roster.get_absolute_url()
    context = {
        "title": f"排班：{roster}",
        "lede": f"{roster.org}，{roster.first:%m月%d日} 至 {roster.last:%m月%d日}；一格里有几人的用顿号隔开",
        "crumbs": [Crumb("值班表", "/duty/rosters/"), Crumb(str(roster), url), Crumb("排班")],
        "form": form,
        "rows": form.rows(),
        "people": _offered(roster),
        "others": [Action("轮流排班", f"{url}act/rotate", "quiet"), Action("返回", url, "quiet")],
        "key": fresh_key(),
        "turns": doubts_of(roster),
        "proof": roster.kind.proof,
    }
    return render(request, "duty/grid.html", context, status=422 if form.is_bound and form.errors else 200)


def _offered(roster: Roster) -> list[str]:
    """Names as they are to be written: with the last digits of the number where two share one."""
    people = list(roster.kind.pool(roster.org))
    names = [person.name for person in people]
    return [p.name if names.count(p.name) == 1 else f"{p.name} {p.phone_tail}" for p in people]
