"""Contracts: entry of data."""

from django import forms

from anlan.shell.parts import Action, Choice
from tests.shell.contracts.case import Case


class Sample(forms.Form):
    name = forms.CharField(label="隐患部位", help_text="能找到的程度")
    law = forms.CharField(label="依据", required=False)


WRONG = Sample({"name": ""})
WRONG.is_valid()

CASES = {
    "field": Case(
        '<c-field :field="f" /><c-field :field="o" mark="选填" />',
        [
            'for="id_name">隐患部位',
            'aria-invalid="true"',
            'aria-describedby="id_name-e id_name-h"',
            'id="id_name-e"',
            'id="id_name-h">能找到的程度',
            "选填",
        ],
        {"f": WRONG["name"], "o": WRONG["law"]},
    ),
    "choice": Case(
        '<c-choice name="res" legend="结论" :options="o" />',
        ["<fieldset", "<legend>结论", 'type="radio" name="res" value="pass" checked', "is-done"],
        {"o": [Choice("pass", "合格", "done", "check", True)]},
    ),
    "choice_big": Case(
        '<c-choice-big name="r8" legend="第 8 项结果" :options="o" />',
        ["al-choice--big", "第 8 项结果", 'data-al-fails="1"'],
        {"o": [Choice("fail", "不合格", "late", "x")]},
    ),
    "picker": Case(
        '<c-picker label="责任人" id="own" name="own" url="/people/" :multiple="True" :chosen="c" hint="输入姓名" />',
        [
            'role="combobox"',
            'aria-controls="own-list"',
            'role="listbox"',
            'data-url="/people/"',
            'name="own" value="7"',
            'aria-label="移除何静"',
            'aria-describedby="own-h"',
        ],
        {"c": [{"value": 7, "label": "何静"}]},
    ),
    "school_picker": Case(
        '<c-school-picker url="/schools/" :towns="t" />',
        ["data-multiple", "青石镇 8 校", 'data-url="/schools/"'],
        {"t": [Action("青石镇 8 校")]},
    ),
    "uploader": Case(
        '<c-uploader id="up" name="photos" url="/files/" :most="3" size_words="单张不超过 10 MB"'
        ' mark="至少 1 张" />',
        [
            'data-url="/files/"',
            'data-most="3"',
            "单张不超过 10 MB",
            "至少 1 张",
            'accept="image/*"',
            'aria-label="照片"',
        ],
    ),
    "doc_item": Case(
        '<c-doc-item title="不动产权证" state="back" text="请重拍" id="d" name="d" button="重拍" />',
        ["is-back", "请重拍", 'aria-label="不动产权证：重拍"'],
    ),
    "signature": Case(
        '<c-signature part="检查人" who="周敏" id="s" name="sign" password_url="/confirm/" />',
        [
            "<canvas",
            'aria-label="检查人周敏签名区"',
            "重签",
            'href="/confirm/"',
            'type="hidden" id="s" name="sign"',
        ],
    ),
    "error_summary": Case(
        '<c-error-summary :form="f" /><c-error-summary :form="g" />',
        ['role="alert"', 'tabindex="-1"', "有 1 处需要改", 'href="#id_name"', "data-al-focus"],
        {"f": WRONG, "g": Sample()},
    ),
    "form_section": Case(
        '<c-form-section title="在哪里" id="a" :fields="f" />',
        ['id="a"', "<h2>在哪里</h2>", "隐患部位"],
        {"f": [WRONG["name"]]},
    ),
    "save_bar": Case(
        '<c-save-bar primary="下达整改" busy="正在下达…" :others="o" note="10:21 草稿已保存" />',
        ["下达整改", 'data-al-busy="正在下达…"', "存草稿", "10:21 草稿已保存"],
        {"o": [Action("存草稿")]},
    ),
    "autosave_note": Case(
        '<c-autosave-note text="10:21 草稿已保存" />', ['role="status"', 'aria-live="polite"', "10:21"]
    ),
    "page_toc": Case(
        '<c-page-toc :sections="s" hint="先选较高一级" />',
        ['aria-label="本页内容"', 'href="#a"', "需要改", "先选较高一级"],
        {"s": [{"id": "a", "title": "在哪里", "errors": 1}]},
    ),
    "password_field": Case(
        '<c-password-field id="p" error="密码不对" />',
        ['autocomplete="current-password"', 'aria-describedby="p-e"', 'aria-label="显示密码"', "密码不对"],
    ),
    "notice_editor": Case(
        '<c-notice-editor :form="f" :schools="s" preview="将发给 186 校" submit="发给 186 校" />',
        ['data-al-confirm="发给 186 校"', "将发给 186 校。", 'data-url="/schools/"', "隐患部位"],
        {"f": Sample(), "s": {"id": "to", "name": "to", "url": "/schools/"}},
    ),
}
