"""People of a school who keep lamps, and files for them to import."""

from pathlib import Path
from typing import Any

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.exchange.api import target_of
from anlan.engines.exchange.targets import ImportTarget
from tests.factories import Tree, a_tree, a_user, sign_in
from tests.files.making import an_xlsx, upload


@pytest.fixture
def tree(db: None) -> Tree:
    return a_tree()


@pytest.fixture
def keeper(tree: Tree) -> Any:
    return a_user("lamp_keeper", tree.township)


@pytest.fixture
def actor(keeper: Any) -> Actor:
    return Actor.person(keeper, "web")


@pytest.fixture
def mine(client: Any, keeper: Any) -> Any:
    return sign_in(client, keeper)


@pytest.fixture
def lamps(tree: Tree) -> ImportTarget:
    return target_of("sample.lamps")


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


HEAD = ["单位", "编号*", "位置", "种类", "厂家", "联系电话", "功率", "购置日期", "有备用"]
GOOD = ["池店一小", "D-01", "一号楼东侧", "安全出口灯", None, "138 5970 0001", 8, "2026年3月1日", "是"]
SECOND = ["S2", "D-02", "二号楼", "吸顶灯", None, None, "１２", "2026.4.5", None]
UNKNOWN_UNIT = ["南安一中", "D-03", "门厅", "安全出口灯", None, None, 5, None, None]
BLANK = ["池店一小", None, "", "安全出口灯", None, None, 5, None, None]
WRONG = ["池店一小", "D-05", "走廊", "吊灯", None, None, 1000, "去年", None]


def a_file(*rows: list[Any], name: str = "灯具.xlsx") -> Any:
    """The rows below the heading, as somebody uploads them."""
    return upload(name, an_xlsx(HEAD, *rows))
