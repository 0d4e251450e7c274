"""Addresses of physical protection beside those of its ledgers."""

from django.urls import path

from anlan.domains.physical import totals

urlpatterns = [path("physical/totals/", totals.page, name="protection-totals")]
