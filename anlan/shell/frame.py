"""What every page shows around its content."""

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the page frame."""
    return {}
