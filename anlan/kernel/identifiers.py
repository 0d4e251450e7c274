"""Checks of national identifiers; each returns what is wrong in plain words, or an empty text.

Rules: GB 32100-2015 (credit code), GB 11643-1999 (citizen id), the ministry's school code rules, GB/T 2260.
"""

import re
from collections.abc import Collection
from datetime import date

PROVINCES = frozenset(
    f"{block}{last}"
    for block, lasts in {"1": "12345", "2": "123", "3": "1234567", "4": "123456", "5": "01234"}.items()
    for last in lasts
) | {"61", "62", "63", "64", "65", "71", "81", "82"}
SCHOOL_CATEGORIES = frozenset(
    {"11", "21", "22", "51", "91", "92", "93", "41", "42", *(str(code) for code in range(31, 38))}
)
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
DIVISION_LENGTHS = (2, 4, 6, 9, 12)


def school_code_fault(code: str, provinces: Collection[str] = PROVINCES) -> str:
    """Ten digits: category, province, serial; there is no check digit."""
    if not re.fullmatch(r"[0-9]{10}", code):
        return "学校标识码是 10 位数字"
    if code[:2] not in SCHOOL_CATEGORIES:
        return "前两位不是学校类别代码"
    return "" if code[2:4] in provinces else "第 3、4 位不是省级代码"


def _sum(text: str, weights: tuple[int, ...], alphabet: str) -> int:
    return sum(alphabet.index(sign) * weight for sign, weight in zip(text, weights, strict=True))


def organisation_check(code: str) -> str:
    """Check character of the eight characters of an organisation code (GB 11714)."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "0123456789X0"[11 - _sum(code, ORGANISATION_WEIGHTS, alphabet) % 11]


def credit_check(code: str) -> str:
    """Check character of the first seventeen characters of a credit code."""
    return CREDIT_ALPHABET[-_sum(code, CREDIT_WEIGHTS, CREDIT_ALPHABET) % 31]


def credit_code_fault(code: str) -> str:
    """Eighteen characters without I O S V Z; the first may be a letter."""
    if not re.fullmatch(rf"[{CREDIT_ALPHABET}]{{18}}", code):
        return "统一社会信用代码是 18 位，不含字母 I、O、S、V、Z"
    if code[16] != organisation_check(code[8:16]) or code[17] != credit_check(code[:17]):
        return "校验位不对，请核对"
    return ""


def citizen_check(code: str) -> str:
    """Check character of the first seventeen digits."""
    return CITIZEN_CHECKS[_sum(code, CITIZEN_WEIGHTS, "0123456789") % 11]


def citizen_birth(code: str) -> date | None:
    """The day of birth, or None where the date does not exist."""
    try:
        return date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return None


def citizen_id_fault(code: str, today: date) -> str:
    """Eighteen characters with X in upper case; an abolished division is no fault."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", code):
        return "身份证号是 18 位，末位可以是大写 X"
    birth = citizen_birth(code)
    if birth is None or birth > today:
        return "出生日期不对"
    return "" if code[17] == citizen_check(code[:17]) else "校验位不对，请核对"


def telephone_fault(number: str) -> str:
    """A number that can be dialled: a mobile, a landline with its area code, or a short number such as 110."""
    if re.fullmatch(
        r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,5})?|1[0-9]{2,4}|[2-9][0-9]{6,7}", number
    ):
        return ""
    return "电话不对，请填手机号、带区号的座机或 110 这样的短号"


def mobile_fault(number: str) -> str:
    """Eleven digits of a mainland mobile number."""
    return "" if re.fullmatch(r"1[3-9][0-9]{9}", number) else "手机号是 11 位数字，以 13 至 19 开头"


def normal_mobile(number: str) -> str:
    """A number without blanks, dashes and country code."""
    return re.sub(r"^\+?86(?=1[3-9][0-9]{9}$)", "", re.sub(r"[\s-]", "", number))


def division_fault(code: str, parent: str = "") -> str:
    """Digits of a known length that begin with the parent's code; there is no check digit."""
    if not code.isascii() or not code.isdigit() or len(code) not in DIVISION_LENGTHS:
        return "区划代码是 2、4、6、9 或 12 位数字"
    return "" if code.startswith(parent) and len(code) > len(parent) else "区划代码要以上级代码开头"
