"""Exact numbers: shares, percent and money without binary fractions; text as the interface prints it."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def rounded(value: Decimal, places: int) -> Decimal:
    """``value`` to ``places`` decimals, halves away from zero as school statistics round."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def rounded_fraction(value: Fraction, places: int) -> Decimal:
    """The same of an exact fraction, such as a sum of thirds, which no number of decimals holds."""
    units = abs(value) * 10**places
    whole = (2 * units.numerator + units.denominator) // (2 * units.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def share(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """``part`` of ``whole`` as a fraction; None where there is no whole,
    so that nothing shows as 0 % or 100 %.
    """
    return Decimal(part) / Decimal(whole) if whole else None


def percent_text(fraction: Decimal | None, places: int = 1) -> str:
    """A fraction as ``94.6%``; a missing one as ``—``."""
    return "—" if fraction is None else f"{rounded(fraction * 100, places):f}%"


def money_text(yuan: Decimal) -> str:
    """Yuan as ``2,860 元``, from ten thousand up as ``21.0 万元``."""
    if abs(yuan) >= 10_000:
        return f"{rounded(yuan / 10_000, 1):,f} 万元"
    exact = rounded(yuan, 2)
    return f"{int(exact):,} 元" if exact == int(exact) else f"{exact:,f} 元"
