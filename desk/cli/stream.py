"""`safety publish`, `consume` and `topics`: to Kafka and from it."""

from typing import Annotated

import typer
from rich.text import Text

from consumers.input_files import find_files, read_records
from consumers.log import configure_service_log
from consumers.publish import publish
from consumers.service import run_consumer
from consumers.topics import create_missing_topics
from consumers.wiring import build_admin, build_producer
from desk.cli.arguments import Json, Paths
from desk.cli.failures import UsageFault
from desk.cli.opening import settings_of
from desk.cli.screen import print_json, progress, screen, table
from schemas.topics import BY_NAME, TOPICS

topics = typer.Typer(
    no_args_is_help=True, help="Look at the registry of topics, and create them on a broker."
)


def publish_files(
    context: typer.Context,
    paths: Paths,
    topic: Annotated[
        str | None,
        typer.Option(
            help="Put all records on this topic, whatever the files say.", show_default=False
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Put the records of files on their topics.

    A .jsonl file holds Kafka records or CloudEvents events, one a line; a .json file one event; an
    .xml file one E2B(R3) batch for pv.icsr. Folders are searched for such files. Each record goes
    under the key of its case. What the broker has twice is counted as repeated, so publishing
    again does no harm.
    """
    if topic is not None and topic not in BY_NAME:
        raise UsageFault(f"there is no topic {topic}; see: safety topics list")
    files = find_files(paths)
    producer = build_producer(settings_of(context))
    try:
        with progress("publishing records") as done:
            sent = publish(read_records(files, topic=topic), producer, on_sent=done)
    finally:
        producer.close(timeout=10)
    if as_json:
        print_json({"files": len(files), "records": dict(sorted(sent.items()))})
        return
    shown = table("topic", "records", right=("records",))
    for name in sorted(sent):
        shown.add_row(name, f"{sent[name]:,}")
    shown.add_section()
    shown.add_row("all", f"{sent.total():,}", style="bold")
    screen().print(shown)


def consume(
    context: typer.Context,
    idle: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="End when everything is read and nothing came for so long.",
            show_default=False,
        ),
    ] = None,
    until_end: Annotated[
        bool, typer.Option("--until-end", help="End as soon as everything is read.")
    ] = False,
    watching: Annotated[
        bool, typer.Option("--watch", help="Watch the clocks too, as `safety watch` does.")
    ] = False,
) -> None:
    """
    Read the topics and make cases of them, until stopped.

    Messages are handled in batches; what a batch decides is stored in one transaction with the
    place in the stream, so a message counts once however often the consumer is killed. SIGTERM
    and Ctrl-C finish the batch at hand. Writes JSON lines about itself to stderr, without
    patient data; ends with exit code 4 when too many messages break their contract.
    """
    settings = settings_of(context)
    configure_service_log(settings.log_level)
    tally = run_consumer(
        settings,
        idle_seconds=0.0 if until_end and idle is None else idle,
        watching=watching,
    )
    screen().print(
        f"Read {tally.records:,} records with {tally.messages:,} messages: {tally.accepted:,}"
        f" accepted, {tally.repeated:,} repeated, {tally.quarantined:,} quarantined."
    )


@topics.command("list")
def list_topics(as_json: Json = False) -> None:
    """List the topics of the registry: what each carries, who writes it, who reads it."""
    if as_json:
        print_json(
            [
                {
                    "topic": topic.name,
                    "direction": topic.direction,
                    "says": topic.says,
                    "kinds": [kind.type for kind in topic.kinds],
                    "partitions": topic.partitions,
                }
                for topic in TOPICS
            ]
        )
        return
    shown = table("topic", "way", "partitions", "what", right=("partitions",))
    for topic in TOPICS:
        name = Text(topic.name, style="bold")
        shown.add_row(name, topic.direction, str(topic.partitions), topic.says)
    screen().print(shown)


@topics.command("create")
def create_topics(
    context: typer.Context,
    partitions: Annotated[
        int | None,
        typer.Option(
            min=1, help="For each topic; the registry's number unless given.", show_default=False
        ),
    ] = None,
    replicas: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Copies of each partition; the broker's default unless given.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Create on the broker the topics it does not have yet; those it has stay as they are."""
    admin = build_admin(settings_of(context))
    try:
        created, there = create_missing_topics(
            admin, partitions=partitions, replicas=-1 if replicas is None else replicas
        )
    finally:
        admin.close()
    shown = table("topic", "")
    for name in created:
        shown.add_row(name, "created")
    for name in there:
        shown.add_row(name, "was there already")
    screen().print(shown)
