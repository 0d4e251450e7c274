"""Numbers as the interface prints them beyond money and percent of the kernel: counts, badges, file sizes."""

EMPTY = "未填"


def count(value: int | None) -> str:
    """Return a number with thousands separators; ``未填`` for None."""
    return EMPTY if value is None else f"{value:,}"


def capped(value: int) -> str:
    """Return the digits of a badge: ``99+`` above 99."""
    return "99+" if value > 99 else str(value)


def size(octets: int) -> str:
    """Return a file size as ``412 KB`` or ``1.2 MB`` with a no-break space."""
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024)):,}\u00a0KB"
    return f"{octets / 1024 / 1024:,.1f}\u00a0MB"
