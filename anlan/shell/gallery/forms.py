"""Sample forms of the gallery."""

from django import forms


class HazardForm(forms.Form):
    """One field of every shape."""

    school = forms.ChoiceField(
        label="学校",
        choices=[("1", "城南实验小学（城关街道）"), ("2", "石桥小学（石桥镇）")],
    )
    source = forms.ChoiceField(label="来源", choices=[("patrol", "日常巡查"), ("check", "专项检查")])
    place = forms.CharField(
        label="隐患部位",
        max_length=60,
        error_messages={"required": "请写到能找到的程度，例如“教学楼 2 层东侧通道”"},
    )
    grade = forms.ChoiceField(
        label="等级",
        widget=forms.RadioSelect,
        choices=[
            ("1", "重大，立即停用"),
            ("2", "较大，5 日内"),
            ("3", "一般，15 日内"),
            ("4", "低，30 日内"),
        ],
    )
    text = forms.CharField(
        label="问题描述",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="最多 500 字",
    )
    law = forms.CharField(label="依据", required=False)
    fund = forms.DecimalField(label="整改经费（元）", required=False)
    deadline = forms.DateField(label="整改期限", error_messages={"required": "要晚于发现时间 10-20 09:10"})
    tell = forms.BooleanField(label="同时发短信给责任人和校长", required=False)
    copies = forms.MultipleChoiceField(
        label="抄送",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "分管领导"), ("b", "责任督学")],
    )


class ReviewForm(forms.Form):
    """What the person in turn fills in."""

    way = forms.ChoiceField(
        label="复查方式",
        widget=forms.RadioSelect,
        choices=[("site", "现场"), ("paper", "看材料"), ("video", "视频")],
        initial="site",
    )
    opinion = forms.CharField(label="复查意见", required=False, widget=forms.Textarea(attrs={"rows": 3}))


SECTIONS = [
    {"id": "where", "title": "在哪里", "fields": ["school", "source", "place"]},
    {"id": "what", "title": "是什么问题", "fields": ["grade", "text", "law", "fund"]},
    {
        "id": "who",
        "title": "谁来改、什么时候改完",
        "fields": ["deadline", "tell", "copies"],
    },
]


class NoticeForm(forms.Form):
    """A notice to schools."""

    title = forms.CharField(label="标题")
    deadline = forms.DateTimeField(label="回执截止", required=False)
    body = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 4}))
