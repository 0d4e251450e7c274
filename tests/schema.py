"""The migrated SQLite schema, made once and copied by every later run until a migration changes.

Rendering the states of all migrations takes some ten seconds of computing time for every process of every run.
Only the migrations are copied; what ``migrate`` writes afterwards (roles, vocabularies) is written by each run.
"""

import os
import shutil
from hashlib import sha256
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

FOLDER = Path(__file__).resolve().parents[1] / "var" / "schema"


# Applications that only one run has; their tables are added to the copy.
FURTHER = {name for name in os.environ.get("ANLAN_FURTHER", "").split(",") if name}


def render_alone() -> None:
    """Let an operation of a migration render the one model it changes, not all that are related to it.

    With some 250 related models Django spends a minute on that. The tables come out the same
    (tests/soak/test_schema.py); what a site itself runs is Django's own ``migrate``.
    """

    def reload_model(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" in state.__dict__:
            key = app_label, model_name.lower()
            state.apps.unregister_model(*key)
            state.apps.render_multiple([state.models[key]])

    ProjectState.reload_model = reload_model


def place(target: Path) -> None:
    """Put a database with every migration applied at ``target``."""
    made = FOLDER / f"{_fingerprint()}.sqlite3"
    if made.exists():
        shutil.copyfile(made, target)
    if FURTHER or not made.exists():
        _migrate(target)
    if not FURTHER and not made.exists():
        _keep(target, made)


def _keep(target: Path, made: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    copy = made.with_suffix(f".{os.getpid()}")
    shutil.copyfile(target, copy)
    copy.replace(made)
    for older in FOLDER.glob("*.sqlite3"):
        if older != made:
            older.unlink(missing_ok=True)


def _fingerprint() -> str:
    found = sha256(django.get_version().encode())
    for config in apps.get_app_configs():
        if config.label in FURTHER:
            continue
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            found.update(f"{config.label}/{path.name}".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _migrate(target: Path) -> None:
    settings = connection.settings_dict
    real, settings["NAME"] = settings["NAME"], str(target)
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    finally:
        connection.close()
        settings["NAME"] = real
