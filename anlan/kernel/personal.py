"""Personal information: every field that holds it is declared with purpose, legal basis and retention (MLPS.19)."""

from dataclasses import dataclass

from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class Personal:
    """Why a personal field is kept: purpose, legal basis, retention in words.

    ``years`` after the date in the field ``since`` the value is made anonymous; without them it is kept as long
    as its record, which ``retention`` then says.
    """

    purpose: str
    basis: str
    retention: str
    since: str = ""
    years: int = 0


@dataclass(frozen=True)
class PersonalField:
    """One declared field: ``app.model`` in lower case, and the name of the field."""

    model: str
    name: str
    said: Personal

    @property
    def code(self) -> str:
        """``app.model.field``, the code of the data catalogue."""
        return f"{self.model}.{self.name}"


personal_fields: Registry[PersonalField] = Registry("personal field")


def declare_personal(model: str, **fields: Personal) -> None:
    """Declare fields of a model; a field declared already keeps its first declaration."""
    for name, said in fields.items():
        item = PersonalField(model, name, said)
        if item.code not in personal_fields:
            personal_fields.add(item.code, item)
