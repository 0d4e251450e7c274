"""Invented names of people and schools; telephone numbers from a block that stands for no one."""

from collections.abc import Iterator
from functools import cache
from random import Random

import yaml

from anlan.base.seed_files import SEEDS


@cache
def words(kind: str) -> list[str]:
    """Words of one kind: surnames, men, women, villages, kindergartens."""
    seeds: dict[str, str] = yaml.safe_load((SEEDS / "demo" / "names.yaml").read_text(encoding="utf-8"))
    return seeds[kind].split()


def person_name(rng: Random) -> tuple[str, str]:
    """A name and its sex code."""
    woman = rng.random() < 0.55
    given = words("women" if woman else "men")
    return rng.choice(words("surnames")) + "".join(
        rng.sample(given, rng.choice((1, 2, 2)))
    ), "2" if woman else "1"


def demo_phones() -> Iterator[str]:
    """Numbers of the block 138 0000 xxxx, each once, in an order that looks like none."""
    for count in range(10_000):
        yield f"1380000{(count * 7919 + 1234) % 10_000:04d}"


def once(names: Iterator[str], taken: set[str]) -> str:
    """The first name not yet taken; it is taken now."""
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name
