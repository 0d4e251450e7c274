"""What a module's records prove of a school, so that nobody has to state it: a manned roster, a gate with its room."""

from collections.abc import Callable
from dataclasses import dataclass

from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel.registry import Registry


def _never(unit: OrgUnit) -> bool:
    return False


@dataclass(frozen=True)
class Proof:
    """``against`` says what the records speak against at a unit: None without records, empty where all is well.

    ``follows``: records whose writing may change the answer; the passing of time does so once a day.
    ``needless``: units the requirement does not apply to.
    """

    code: str
    title: str
    against: Callable[[OrgUnit], str | None]
    follows: tuple[type[Record], ...]
    needless: Callable[[OrgUnit], bool] = _never


proofs: Registry[Proof] = Registry("proof")


def declare_proof(proof: Proof) -> Proof:
    """Let requirements be answered by these records."""
    return proofs.add(proof.code, proof)
