"""Addresses of emergency supplies beside those of their ledgers."""

from django.urls import path

from anlan.domains.supplies import summing

urlpatterns = [path(summing.URL.lstrip("/"), summing.page, name="supplies-summary")]
