"""An upgrade is undone by starting the old image again: so no migration takes away what the version before it uses."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.db import connections, migrations
from django.db.migrations.executor import MigrationExecutor

ROOT = Path(__file__).parents[1]
TAKES_AWAY = (migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)
# What a migration removes after the last version that used it, written "app.0000_name". This one was made before the first release.
AFTER_LAST_USE = {"portal.0003_content_as_its_values"}
PATHS = [path for app in ("portal", "records") for path in sorted((ROOT / app / "migrations").glob("0*.py"))]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parents[1].name}.{path.stem}")
def test_a_migration_takes_nothing_away(path: Path) -> None:
    name = f"{path.parents[1].name}.{path.stem}"
    migration = import_module(f"{path.parents[1].name}.migrations.{path.stem}").Migration
    if name not in AFTER_LAST_USE:
        wrong = [one for one in migration.operations if isinstance(one, TAKES_AWAY)]
        assert not wrong, f"{name}: remove it in the version after the last that uses it"


@pytest.mark.django_db
@pytest.mark.parametrize("alias", list(connections))
def test_the_databases_of_tests_have_nothing_left_to_migrate(alias: str) -> None:
    """They are copies, see tests/migrated.py."""
    executor = MigrationExecutor(connections[alias])
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
