"""What commands begin with: the settings in force, the store, the knowledge."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from consumers.dictionary_files import build_knowledge
from consumers.settings import Settings, load_settings
from consumers.wiring import build_store
from safety.knowledge import Knowledge
from safety.store import SqlStore


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen in front of the command; it stands above the environment."""

    database: str | None = None
    broker: str | None = None


def settings_of(context: typer.Context) -> Settings:
    """
    Read the settings, with what was chosen on the command line above them.

    Raises:
        SettingsError: A setting is wrong.
    """
    chosen: Chosen = context.find_object(Chosen) or Chosen()
    overrides = {"database_url": chosen.database, "kafka_bootstrap": chosen.broker}
    return load_settings(**{name: value for name, value in overrides.items() if value is not None})


@contextmanager
def opened_store(context: typer.Context) -> Iterator[SqlStore]:
    """
    Open the store for as long as the block lasts.

    Raises:
        StoreUnavailableError: It cannot be reached.
    """
    store = build_store(settings_of(context))
    try:
        yield store
    finally:
        store.close()


def knowledge_of(context: typer.Context) -> Knowledge:
    """
    Load the knowledge, with the dictionary that the settings put in force.

    Raises:
        InputFileError: The folder of a licensed dictionary cannot be read.
        KnowledgeError: A file is faulty.
    """
    return build_knowledge(settings_of(context))
