"""Django forms as the shell draws them."""

from datetime import time

from django import forms

from anlan.shell.fields import error_lines, sections, shape
from anlan.shell.gallery.forms import SECTIONS, HazardForm


def test_every_widget_has_its_shape():
    form = HazardForm()
    shapes = {name: shape(form[name]) for name in form.fields}
    assert shapes["grade"] == "choice"
    assert shapes["copies"] == "checks"
    assert shapes["tell"] == "check"
    assert shapes["text"] == "long"
    assert shapes["school"] == "select"
    assert shapes["place"] == "text"


def test_the_summary_links_to_the_fields_and_names_whole_form_errors_first(render):
    class Form(forms.Form):
        place = forms.CharField(label="部位")

        def clean(self):
            raise forms.ValidationError("期限和等级不配")

    form = Form({"place": ""})
    lines = {line.target: line for line in error_lines(form)}
    assert lines["id_place"].label == "部位"
    assert lines[""].text == "期限和等级不配"
    assert error_lines(Form()) == []
    assert error_lines(None) == []


def test_no_field_gets_lost_between_sections():
    parts = sections(HazardForm(), SECTIONS[:1])
    named = [field.name for part in parts for field in part.fields]
    assert sorted(named) == sorted(HazardForm().fields)


def test_a_section_counts_its_errors():
    form = HazardForm({})
    assert sections(form, SECTIONS)[0].errors == 3


def test_what_was_typed_stays_after_an_error(render):
    form = HazardForm({"text": "堆放课桌椅 <14> 张"})
    markup = render('{% for field in form %}<c-field :field="field" />{% endfor %}', form=form)
    assert "堆放课桌椅 &lt;14&gt; 张" in markup
    assert 'aria-describedby="id_place-e"' in markup
    assert "请写到能找到的程度" in markup


def test_dates_and_numbers_open_the_right_keyboard(render):
    markup = render(
        '<c-field :field="a" /><c-field :field="b" />', a=HazardForm()["deadline"], b=HazardForm()["fund"]
    )
    assert 'type="date"' in markup
    assert 'type="text" name="deadline"' not in markup
    assert 'inputmode="decimal"' in markup


def test_a_time_is_asked_and_kept_to_the_minute(render):
    class Form(forms.Form):
        begins_at = forms.TimeField(label="开始时间")

    markup = render('<c-field :field="a" />', a=Form(initial={"begins_at": time(7, 30)})["begins_at"])
    assert 'type="time"' in markup
    assert 'value="07:30"' in markup


def test_a_blank_choice_says_what_to_do_and_long_text_starts_small(render):
    class Form(forms.Form):
        town = forms.ChoiceField(label="镇街", choices=[("", "---------"), ("1", "青石镇")], required=False)
        text = forms.CharField(label="情况", widget=forms.Textarea)

    markup = render('<c-field :field="a" /><c-field :field="b" />', a=Form()["town"], b=Form()["text"])
    assert ">请选择</option>" in markup
    assert "---" not in markup
    assert 'rows="4"' in markup
