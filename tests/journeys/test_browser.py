"""The instruments that every journey relies on find the fault they are there for."""

import pytest
from playwright.sync_api import Page

from tests.browser import Accessibility, Faults

PAGE = "<html lang='zh-CN'><title>安澜</title><main><h1>安澜</h1>{}</main>"
WIDTH = "text => document.createElement('canvas').getContext('2d').measureText(text).width"


def test_console_errors_are_noticed(page: Page, faults: Faults) -> None:
    page.evaluate("console.error('planted fault')")
    page.evaluate("setTimeout(() => { throw new Error('planted exception') })")
    page.wait_for_timeout(50)
    faults.expect("planted fault")
    faults.expect("planted exception")


def test_accessibility_faults_are_noticed(page: Page, axe: Accessibility) -> None:
    page.set_content(PAGE.format("<input type='text'>"))
    with pytest.raises(AssertionError, match="label"):
        axe(page)
    page.set_content(PAGE.format("<label>学校 <input type='text'></label>"))
    axe(page)


def test_chinese_text_has_glyphs(page: Page) -> None:
    page.set_content(PAGE.format(""))
    drawn = (
        "font => [...'安澜'].map(c => { const x = document.createElement('canvas').getContext('2d');"
        " x.font = '40px sans-serif'; x.fillText(c, 0, 40); return x.canvas.toDataURL() })"
    )
    one, other = page.evaluate(drawn)
    assert one != other, "both characters are drawn as the same empty box: install a CJK font"
