"""Addresses of the base floor beside those of its ledgers."""

from django.urls import path

from anlan.base.picking import pick

urlpatterns = [path("base/schools/pick", pick, name="pick_schools")]
