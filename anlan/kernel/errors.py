"""Refusals every engine raises and the shell turns into pages: 403, 404, 409 and 422."""

from collections.abc import Mapping


class Refusal(Exception):
    """A request that is understood and not carried out; nothing has changed."""

    status = 400

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class Forbidden(Refusal):
    """The signed-in person lacks a right (403); ``permission`` names it."""

    status = 403

    def __init__(self, permission: str = "", message: str = "") -> None:
        super().__init__(message)
        self.permission = permission


class Missing(Refusal):
    """No such record, or one outside the person's scope (404); the two are told apart nowhere."""

    status = 404


class Conflict(Refusal):
    """Not possible in the present state, or somebody else was first (409)."""

    status = 409


class Rejected(Refusal):
    """Bad input (422); ``fields`` maps a field name, or ``""`` for the whole form, to its messages."""

    status = 422

    def __init__(self, fields: Mapping[str, str | list[str]]) -> None:
        self.fields = {name: [said] if isinstance(said, str) else list(said) for name, said in fields.items()}
        super().__init__("；".join(text for said in self.fields.values() for text in said))
