"""Contracts: review desk, field check, public pages, wall and states."""

from anlan.shell.parts import Action, Choice, Rank, Stage, Stat
from tests.shell.contracts.case import Case

LINK = Action("登记隐患", "/new/", "primary", "plus")
CASES = {
    "indicator_tree": Case(
        '<c-indicator-tree :nodes="n" />',
        ["data-al-steps", 'aria-current="true"', "al-dot is-doing", "未评"],
        {
            "n": [
                {
                    "title": "A2",
                    "children": [
                        {
                            "title": "B2",
                            "children": [{"title": "C10", "url": "/c/", "tone": "doing", "current": True}],
                        }
                    ],
                }
            ]
        },
    ),
    "org_chart": Case(
        '<c-org-chart :nodes="n" />',
        ['aria-label="组织架构"', 'href="/b/1/"', "领导小组", "组长 王小明", "al-orgs__parts", "还没有成员"],
        {
            "n": [
                {
                    "title": "领导小组",
                    "url": "/b/1/",
                    "people": ["组长 王小明"],
                    "parts": [{"title": "消防工作组", "url": "/b/2/"}],
                }
            ]
        },
    ),
    "rubric": Case(
        '<c-rubric :levels="l" />',
        ["2 分", "is-on", "您的评分"],
        {"l": [{"score": 2, "text": "不全", "chosen": True}]},
    ),
    "score_box": Case(
        '<c-score-box value="2" most="3" own="3" reason_id="re" />',
        ['data-al-step="0.5"', 'data-al-own="3"', 'data-al-reason="re"', "/ 3 分", 'inputmode="decimal"'],
    ),
    "check_progress": Case(
        '<c-check-progress :done="14" :total="32" :passed="11" :failed="2" :skipped="1" />',
        ["14</b> / 32 项", 'aria-label="合格 11，不合格 2，不适用 1，未查 18"'],
    ),
    "section_chips": Case(
        '<c-section-chips :sections="s" />',
        ['aria-current="true"', "5/8"],
        {"s": [{"title": "消防", "url": "#", "count": "5/8", "current": True}]},
    ),
    "place_row": Case(
        '<c-place-row place="综合楼 2 层" accuracy="±8 米，在校园范围内" url="/p/" />',
        ["±8 米，在校园范围内", "修改"],
    ),
    "check_item": Case(
        '<c-check-item :item="i" />',
        [
            "is-failed",
            "检查方法与依据",
            "第 8 项结果",
            'name="note-8"',
            "缺水枪",
            'name="photo-8"',
            "隐患等级",
        ],
        {
            "i": {
                "number": 8,
                "key": "8",
                "title": "消火栓",
                "method": "试水",
                "answer": "fail",
                "options": [Choice("fail", "不合格", "late", "x", True)],
                "phrases": ["缺水枪"],
                "grades": [Choice("1", "", grade=1)],
            }
        },
    ),
    "wizard_progress": Case(
        '<c-wizard-progress :steps="s" :at="2" />', ["第 2 步，共 3 步", "<rect"], {"s": ["甲", "乙", "丙"]}
    ),
    "safe_note": Case('<c-safe-note text="6 个月后删除" />', ["p-safe", "6 个月后删除"]),
    "hero_status": Case(
        '<c-hero-status who="林小满" title="学校正在审核材料" text="3 个工作日" />',
        ['role="status"', "<h1>学校正在审核材料</h1>"],
    ),
    "progress_line": Case(
        '<c-progress-line :stages="s" />',
        ['aria-current="step"', "6-12 09:31"],
        {"s": [Stage("提交", "past", "6-12 09:31"), Stage("审核", "now")]},
    ),
    "wall_head": Case(
        '<c-wall-head title="态势" verdict="总体平稳。" fresh="数据 10:20 更新" :stale="True" />',
        ["<h1>态势</h1>", "总体平稳。", "w-stale"],
    ),
    "wall_kpi": Case(
        '<c-wall-kpi :stats="s" />',
        ["<dl", "零报告", "/186 校"],
        {"s": [Stat("零报告", "183", unit="/186 校")]},
    ),
    "wall_rank": Case(
        '<c-wall-rank :rows="r" />', ['class="l"', "78%"], {"r": [Rank("石桥镇", 78, "78%", tone="l")]}
    ),
    "funnel": Case(
        '<c-funnel :rows="r" :whole="128" note="按期率 94.6%" />',
        ['width="50%"', "按期率 94.6%"],
        {"r": [Rank("销号", 64, "64")]},
    ),
    "event_list": Case(
        '<c-event-list :events="e" :feed="f" />',
        ["围墙外倾", 'class="d"', "10:18"],
        {"e": [{"title": "围墙外倾", "stages": ["d", ""]}], "f": [{"when": "10:18", "text": "提交整改"}]},
    ),
    "nets": Case(
        '<c-nets :nets="n" />',
        ["技防", "93.8", 'class="w"'],
        {"n": [{"title": "技防", "value": "93.8", "warn": True}]},
    ),
    "empty": Case(
        '<c-empty title="还没有检查任务" text="从模板新建一个" art="first" :action="a" />',
        ["还没有检查任务", "从模板新建一个", "登记隐患", "<svg"],
        {"a": LINK},
    ),
    "skeleton": Case(
        '<c-skeleton label="正在加载隐患" />', ['aria-busy="true"', 'role="status">正在加载隐患', "al-skel"]
    ),
    "job_card": Case(
        '<c-job-card :job="j" />',
        ["正在生成汇总表", "115 / 186", "62%", 'hx-trigger="every 15s"', "取消"],
        {
            "j": {
                "title": "正在生成汇总表",
                "state": "running",
                "done": 115,
                "total": 186,
                "share": 62,
                "label": "已完成 62%",
                "poll": "/job/",
                "cancel": Action("取消", post="/stop/"),
            }
        },
    ),
    "error_panel": Case(
        '<c-error-panel title="没保存上" text="您填的还在。" number="7F3A-1021" />',
        ['role="alert"', "没保存上", "您填的还在。", "7F3A-1021"],
    ),
}
