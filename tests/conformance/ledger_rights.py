"""Who passes each address that every ledger has, by the rights held."""

from collections.abc import Callable

from anlan.engines.registry.api import Ledger

Wanted = Callable[[set[str], Ledger], bool]


def holding(*verbs: str, writes: bool = False) -> Wanted:
    """Opened by all of these rights together; ``writes``: by nobody where another system keeps the rows."""

    def opened(held: set[str], ledger: Ledger) -> bool:
        return not (writes and ledger.readonly) and all(ledger.permission(verb) in held for verb in verbs)

    return opened


# Name of the address, as the registry gives it, to who passes; a name that is missing here fails the suite.
OF_LEDGERS: dict[str, Wanted] = {
    "list": holding("view"),
    "columns": holding("view"),
    "views": holding("view"),
    "view": lambda held, ledger: False,  # one's own saved views
    "report": holding("view"),
    "report_export": holding("export"),
    "report_views": holding("view"),
    "outcome": lambda held, ledger: False,  # of one's own bulk job
    "new": holding("add", writes=True),
    "check": lambda held, ledger: "org" in ledger.form_names and holding("add", writes=True)(held, ledger),
    "choose": lambda held, ledger: "org" in ledger.form_names and holding("add", writes=True)(held, ledger),
    "bulk": holding("view", "archive", writes=True),
    "detail": holding("view"),
    "edit": holding("view", "edit", writes=True),
    "print": holding("view"),
    "unmask": lambda held, ledger: bool(ledger.masked) and holding("view", "unmask")(held, ledger),
    "archive": holding("view", "archive", writes=True),
    "import": holding("import", "add", writes=True),
    "export": holding("export"),
    "export/choose": holding("export"),
    "export/full": holding("export", "unmask"),
    "pdf": holding("view"),
    "<int:pk>/pdf": holding("view"),
    "word": holding("view"),
    "<int:pk>/word": holding("view"),
    "label": holding("view"),
    "labels": holding("view"),
    "api:list": holding("view"),
    "api:get": holding("view"),
    "api:create": lambda held, ledger: bool(ledger.form_names) and holding("add", writes=True)(held, ledger),
    "api:change": holding("view", "edit", writes=True),
}
