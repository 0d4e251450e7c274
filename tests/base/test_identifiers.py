"""National identifiers against the vectors of the domain notes."""

from datetime import date

import pytest

from anlan.kernel.identifiers import (
    citizen_birth,
    citizen_id_fault,
    credit_code_fault,
    division_fault,
    mobile_fault,
    normal_mobile,
    school_code_fault,
)

TODAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    "code",
    [
        "11010519491231002X",
        "360426199101010071",
        "350582201908310010",
        "350582201909010028",
        "370202201212310034",
    ],
)
def test_sound_citizen_ids_pass(code):
    assert citizen_id_fault(code, TODAY) == ""


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("110105194912310021", "校验"),
        ("11010519490230002X", "出生"),
        ("1101051949123100", "18 位"),
        ("11010519491231002x", "大写"),
        ("350582202609010021", "出生"),
    ],
)
def test_faulty_citizen_ids_are_named(code, word):
    assert word in citizen_id_fault(code, TODAY)


def test_birth_is_read_from_the_id():
    assert citizen_birth("350582201908310010") == date(2019, 8, 31)


@pytest.mark.parametrize(
    "code", ["91110000600037341L", "123505824885000164", "52350582MJB20001XP", "N2350582MF00000136"]
)
def test_sound_credit_codes_pass(code):
    assert credit_code_fault(code) == ""


@pytest.mark.parametrize(("code", "word"), [("911100006000373410", "校验"), ("9111000060003734OL", "I、O")])
def test_faulty_credit_codes_are_named(code, word):
    assert word in credit_code_fault(code)


def test_one_wrong_character_never_passes_as_a_credit_code():
    good = "123505824885000164"
    changed = [good[:at] + ("1" if sign != "1" else "2") + good[at + 1 :] for at, sign in enumerate(good)]
    assert all(credit_code_fault(code) for code in changed)


@pytest.mark.parametrize("code", ["1135000001", "2135012345", "3137000009", "5135000002", "4135010384"])
def test_sound_school_codes_pass(code):
    assert school_code_fault(code) == ""


@pytest.mark.parametrize("code", ["2335012345", "2199012345", "213501234", "21350123４5"])
def test_faulty_school_codes_are_refused(code):
    assert school_code_fault(code)


@pytest.mark.parametrize("number", ["13800138000", "19900000000"])
def test_sound_mobiles_pass(number):
    assert mobile_fault(number) == ""


@pytest.mark.parametrize("number", ["12800138000", "1380013800", "+8613800138000"])
def test_faulty_mobiles_are_refused(number):
    assert mobile_fault(number)


def test_country_code_and_blanks_are_taken_off():
    assert normal_mobile("+86 138-0013 8000") == "13800138000"


def test_a_division_begins_with_its_parent():
    assert division_fault("350582001", "350582") == ""
    assert division_fault("350583001", "350582")
    assert division_fault("3505821", "350582")
