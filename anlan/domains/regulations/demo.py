"""Documents of the demo county, each marked as written for it; readings, a required one, clauses of hazards."""

from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.regulations.shelves import lay_down
from anlan.engines.audit.api import Actor, create, create_all
from anlan.engines.files.api import attach
from anlan.engines.library.api import (
    Document,
    DocumentKind,
    Passage,
    Reading,
    Required,
    Topic,
    issue,
    link,
    read_at_once,
)
from anlan.engines.org.api import OrgUnit
from anlan.engines.output.api import pdf_of
from anlan.engines.registry.api import categories_at

SEED = Path(__file__).parent / "seeds" / "demo_documents.yaml"
MARK = "演示文本：为演示系统编写，不是真实的法律法规。"
NUMERALS = "一二三四五六七八九十"
RISKS = {
    "消防安全": "fire",
    "食品安全": "food",
    "防汛防台": "disaster",
    "特种设备": "facility",
    "技术防范": "facility",
}
SCHOOLS = ("school", "primary", "kinder")


@demo_step("regulations.documents", "法规资料", order=40)
def load_documents(world: World) -> None:
    """The county's documents, each shown school's own, and what people did with them."""
    county, author = world.units["county"], world.accounts["bureau"]
    lay_down(county)
    made: dict[str, Document] = {}
    seeds = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    for said in seeds:
        made[said["title"]] = create(LOADER, _document(world, county, author, said, made))
    _with_papers(made["校园安全技术防范示范要求"], county)
    own = [_own(world, name) for name in SCHOOLS]
    read = [row for row in made.values() if row.force == "in_force"] + own
    _readings(world, read)
    _required(world, county, made["汛期和台风期间校园安全示范通知"])
    _clauses(made["校园消防安全管理示范规定"])


def _document(
    world: World, org: OrgUnit, author: Any, said: dict[str, Any], made: dict[str, Document]
) -> Document:
    issued = world.today - timedelta(days=365 * said["age"] + 40 + len(made) * 3)
    follower = made.get(said.get("replaced_by", ""))
    force = "draft" if said.get("draft") else "repealed" if said.get("repealed") else "in_force"
    return Document(
        org=org,
        title=said["title"],
        number=said["number"],
        kind=DocumentKind.unguarded.get(org__path__in=_above(org), code=said["kind"]),
        topic=Topic.unguarded.get(org__path__in=_above(org), title=said["topic"], parent=None),
        risk=categories_at(org).filter(code=RISKS.get(said["topic"], "")).first(),
        level=said["level"],
        issuer=said["issuer"],
        issued_on=issued,
        effective_on=issued + timedelta(days=30),
        force="replaced" if follower else force,
        repealed_on=issued + timedelta(days=3650) if force == "repealed" else None,
        successor=follower,
        body=_body(said["clauses"]),
        created_by=author,
    )


def _above(org: OrgUnit) -> list[str]:
    codes = [code for code in org.path.split("/") if code]
    return ["/" + "/".join(codes[: count + 1]) + "/" for count in range(len(codes))]


def _body(clauses: list[str]) -> str:
    lines = [
        f"<p><strong>第{NUMERALS[place]}条</strong>　{escape(text)}</p>" for place, text in enumerate(clauses)
    ]
    return f"<p><em>{MARK}</em></p>{''.join(lines)}"


def _with_papers(document: Document, county: OrgUnit) -> None:
    pages = (_page(number, text) for number, text in enumerate(CHAPTERS, 1))
    upload = SimpleUploadedFile("技术防范示范图集.pdf", pdf_of("".join(pages)))
    read_at_once(attach(LOADER, document, upload, "annex"))


def _page(number: int, text: str) -> str:
    return f"<section><h1>第 {number} 章</h1><p>{MARK}</p><p>{text}</p></section>"


CHAPTERS = [
    "总则：本图集供演示使用，说明校园技防点位的一般做法。",
    "视频监控：校门口摄像机应当看清人脸，安装高度两米五至三米。",
    "周界报警：振动光缆沿围墙敷设，防区长度不超过一百米。",
    "一键报警：按钮装在门卫室桌面下沿，外罩透明护盖防止误碰。",
    "门禁管理：宿舍楼门禁断电时自动开启，保证疏散。",
    "值守要求：监控室每班两人，交接班当面核对设备状态。",
    "维护保养：红外对射每月擦拭镜头，备用电源每季度放电试验。",
]


def _own(world: World, name: str) -> Document:
    """A plan of the school's own, laid down by its safety officer."""
    author = world.accounts[f"{name}-safety"]
    said = {
        "title": f"{author.unit.name}火灾疏散预案（演示）",
        "kind": "plan",
        "topic": "消防安全",
        "level": "school",
        "issuer": author.unit.name,
        "number": "",
        "age": 1,
        "clauses": ["集合点设在操场东侧旗台前。", "各班由任课教师带队，按楼层由下到上依次撤离。"],
    }
    return create(LOADER, _document(world, author.unit, author, said, {}))


def _readings(world: World, documents: list[Document]) -> None:
    people = [user for name, user in sorted(world.accounts.items()) if name.endswith(("-safety", "-head"))]
    rows = []
    for document in documents:
        wanted = [user for user in people if user.unit.path.startswith(document.org.path)]
        readers = world.rng.sample(wanted, min(len(wanted), world.rng.randint(3, 25)))
        rows += [
            Reading(
                org=user.unit,
                document=document,
                reader=user,
                visit="demo",
                read_at=document.created_at - timedelta(days=world.rng.randint(0, 60)),
            )
            for user in readers
        ]
    create_all(LOADER, rows, action="load")


def _required(world: World, county: OrgUnit, document: Document) -> None:
    bureau = Actor.person(world.accounts["bureau"], "system")
    due = world.today + timedelta(days=6)
    said = "结合本校实际逐条落实，读后确认"
    required = Required(
        org=county, document=document, roles=["school_head", "school_safety"], due_on=due, note=said
    )
    create(bureau, required)
    required.units.set([world.accounts[f"{name}-safety"].unit for name in SCHOOLS])
    issue(bureau, required)


def _clauses(document: Document) -> None:
    """Hazards about fire go by the clause they break."""
    hazards = apps.get_model("safety.Hazard").unguarded.filter(archived_at=None)
    for words, sought in (("灭火器", "灭火器应当"), ("通道", "疏散通道"), ("消火栓", "消火栓应当")):
        clause = Passage.objects.filter(document=document, text__contains=sought).first()
        if clause is None:
            continue
        for hazard in hazards.filter(title__contains=words).order_by("-pk")[:5]:
            link(LOADER, clause, hazard)
