"""A message or an act that is changed, moved, removed or added is found, and it is said where."""

from contextlib import closing
from dataclasses import replace

import orjson
import pytest
from alembic import command
from sqlalchemy import select, text

from safety.store import SqlStore, migrate, open_store, tables
from safety.store.audit import audit_entries, note_act
from safety.store.chains import OF_ACT, OF_MESSAGE, ChainHead, seal_entry
from safety.store.connect import make_engine
from safety.store.kept import Kept, KeptSealsError, newest_seals, read_kept
from safety.store.model import Batch, LoggedMessage
from safety.store.schema import configuration
from safety.store.verify import verify_store
from safety.store.verify_entries import Discrepancy
from tests.support.reports import follow_up, reaction, report
from tests.support.stories import CASE_ID, NOON, Story, logged
from tests.support.tampering import behind_the_back

FILES = -1
OF_KAFKA, OF_FILES = "pv.adverse-events/0", f"pv.adverse-events/{FILES}"


def save(store: SqlStore, batch: Batch) -> None:
    with store.transaction() as work:
        work.save(batch, now=NOON)


@pytest.fixture
def told(sql_store: SqlStore) -> SqlStore:
    """Four messages of one partition, two of files, three acts, and nothing wrong."""
    story = Story()
    save(sql_store, story.take(report()))
    by_file = story.take(follow_up("m2", "2026-03-10", reactions=reaction(outcome="fatal")))
    by_file.messages = [moved(each) for each in by_file.messages]
    save(sql_store, by_file)
    names = ("EDC 1", "EDC 2", "EDC 3")
    save(sql_store, Batch(messages=[logged(name, "s", about="subject") for name in names]))
    save(sql_store, Batch(messages=[moved(logged("file 1", "s", about="subject"))]))
    for user in ("wang", "li", "wang"):
        note_act(sql_store, user, "view", now=NOON, case_id=CASE_ID, version=1, cases=12)
    assert list(verify_store(sql_store)) == []
    return sql_store


def moved(message: LoggedMessage) -> LoggedMessage:
    return replace(message, origin=replace(message.origin, partition=FILES))


def found_after(store: SqlStore, *statements: str, kept: Kept | None = None) -> list[Discrepancy]:
    with behind_the_back(store) as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0
    return list(verify_store(store, kept or Kept()))


def keep(store: SqlStore) -> Kept:
    return read_kept(orjson.dumps(line) for line in newest_seals(store))


AT_EDC_2 = "EDC 2, link 3 of pv.adverse-events/0"
OTHER = {  # another value of the kind that the column holds
    "about": "'case'",
    "partition": "3",
    "offset": "8",
    "part": "1",
    "learned": "5",
    "recorded_at": "'2026-03-02T12:00:00.000001+00:00'",
    "at": "'2026-03-02T12:00:00.000001+00:00'",
    "version": "2",
    "details": "'{\"cases\": 13}'",
}


class TestVerifyLog:
    @pytest.mark.parametrize("column", [c for c in OF_MESSAGE if c not in {"topic", "partition"}])
    def test_every_column_of_a_message_is_sealed(self, told: SqlStore, column: str) -> None:
        value = OTHER.get(column, "'x'")
        change = f'UPDATE message_log SET "{column}" = {value}'  # noqa: S608 - our own words

        found = found_after(told, f"{change} WHERE message_id = '2' AND source = 'EDC'")

        sealed = [each for each in found if each.what == "seal is not made of what it says"]
        assert [(each.table, each.key.partition(", ")[2]) for each in sealed] == [
            ("message_log", "link 3 of pv.adverse-events/0")
        ]

    @pytest.mark.parametrize("change", ["topic = 'x'", "partition = 9"])
    def test_a_message_that_is_said_to_have_come_another_way_is_found(
        self, told: SqlStore, change: str
    ) -> None:
        found = found_after(told, f"UPDATE message_log SET {change} WHERE message_id = '2'")  # noqa: S608

        # where it is now no link 3 can stand, and where it was link 3 is missed
        assert [each.what for each in found if each.table == "message_log"] == [
            "link 1 should stand here: entries are gone or were moved",
            "link 3 should stand here: entries are gone or were moved",
        ]

    def test_a_changed_payload_is_found(self, told: SqlStore) -> None:
        change = "UPDATE message_log SET payload = :other WHERE message_id = '2'"
        with behind_the_back(told) as connection:
            connection.execute(text(change), {"other": b"{ }"})

        assert list(verify_store(told)) == [
            Discrepancy("message_log", "EDC 2", "payload and digest differ")
        ]

    def test_a_message_that_is_gone_is_missed(self, told: SqlStore) -> None:
        found = found_after(told, "DELETE FROM message_log WHERE message_id = '2'")

        what = "link 3 should stand here: entries are gone or were moved"
        assert found == [Discrepancy("message_log", f"EDC 3, link 4 of {OF_KAFKA}", what)]

    def test_a_tail_that_was_cut_off_is_missed(self, told: SqlStore) -> None:
        found = found_after(told, "DELETE FROM message_log WHERE source = 'EDC'")

        what = "it ends at link 1, its head says 4"
        assert found == [Discrepancy("log_chains", OF_KAFKA, what)]

    def test_a_tail_cut_off_with_its_head_set_back_is_missed_by_a_kept_seal(
        self, told: SqlStore
    ) -> None:
        kept = keep(told)
        seal = seal_of(told, OF_KAFKA, 1)
        back = f"UPDATE log_chains SET links = 1, seal = '{seal}' WHERE chain = '{OF_KAFKA}'"  # noqa: S608

        found = found_after(told, "DELETE FROM message_log WHERE source = 'EDC'", back, kept=kept)

        what = "it ends at link 1; a seal of link 4 was kept"
        assert found == [Discrepancy("log_chains", OF_KAFKA, what)]
        assert list(verify_store(told)) == [], "it was forged well"

    def test_an_entry_forged_with_all_that_follows_differs_from_a_kept_seal(
        self, told: SqlStore
    ) -> None:
        kept = keep(told)
        with behind_the_back(told) as connection:
            change = "UPDATE message_log SET type = 'x' WHERE message_id = '3'"
            connection.execute(text(change))
            log = tables.message_log
            asked = select(log).where(log.c.message_id == "3")
            row = connection.execute(asked).mappings().one()
            seal = seal_entry(seal_of(told, OF_KAFKA, 3), 4, (row[name] for name in OF_MESSAGE))
            for statement in (
                "UPDATE message_log SET seal = :seal WHERE message_id = '3'",
                "UPDATE log_chains SET seal = :seal WHERE links = 4",
            ):
                connection.execute(text(statement), {"seal": seal})
        assert list(verify_store(told)) == [], "it was forged well"

        assert list(verify_store(told, kept)) == [
            Discrepancy(
                "message_log", f"EDC 3, link 4 of {OF_KAFKA}", "seal is not the one that was kept"
            )
        ]

    def test_two_messages_that_changed_places_are_found(self, told: SqlStore) -> None:
        found = swap(told, "EDC", "2", "3")

        assert found == [
            Discrepancy(
                "message_log",
                f"EDC 3, link 4 of {OF_KAFKA}",
                "link 3 should stand here: entries are gone or were moved",
            ),
            Discrepancy(
                "message_log",
                AT_EDC_2,
                "link 5 should stand here: entries are gone or were moved",
            ),
        ]

    def test_messages_of_a_case_that_changed_places_across_partitions_are_found(
        self, told: SqlStore
    ) -> None:
        found = swap(told, "test", "m1", "m2")

        what = "the message that caused it stands in the log before that of the version before"
        assert found == [Discrepancy("message_log", f"{CASE_ID} version 2", what)]

    def test_a_message_that_was_put_in_is_found(self, told: SqlStore) -> None:
        copied = ", ".join(f'"{name}"' for name in OF_MESSAGE if name != "message_id")
        found = found_after(
            told,
            f"INSERT INTO message_log (message_id, payload, {copied})"  # noqa: S608 - our own words
            f" SELECT 'new', payload, {copied} FROM message_log WHERE message_id = '3'",
        )

        assert found == [
            Discrepancy(
                "message_log",
                f"EDC new, link 0 of {OF_KAFKA}",
                "link 5 should stand here: entries are gone or were moved",
            )
        ]

    @pytest.mark.parametrize(
        ("statement", "what"),
        [
            ("DELETE FROM log_chains", "it ends at link 4, its head says 0"),
            ("UPDATE log_chains SET links = 7", "it ends at link 4, its head says 7"),
            ("UPDATE log_chains SET seal = 'x'", "seal is not that of its newest entry"),
        ],
    )
    def test_a_head_that_was_changed_is_found(
        self, told: SqlStore, statement: str, what: str
    ) -> None:
        found = found_after(told, f"{statement} WHERE chain = '{OF_KAFKA}'")

        assert found == [Discrepancy("log_chains", OF_KAFKA, what)]

    def test_a_whole_partition_that_is_gone_is_missed_by_its_head(self, told: SqlStore) -> None:
        found = found_after(told, "DELETE FROM message_log WHERE partition = -1")

        what = "it ends at link 0, its head says 2"
        assert Discrepancy("log_chains", OF_FILES, what) in found


def seal_of(store: SqlStore, chain: str, link: int) -> str:
    topic, _, partition = chain.partition("/")
    log = tables.message_log.c
    asked = select(log.seal).where(
        log.topic == topic, log.partition == int(partition), log.link == link
    )
    with store.reading() as connection:
        return str(connection.scalars(asked).one())


def swap(store: SqlStore, source: str, one: str, other: str) -> list[Discrepancy]:
    """Let two messages change places in the log, and give what is found then."""
    log = tables.message_log
    asked = select(log.c.seq).where(log.c.source == source)
    with behind_the_back(store) as connection:
        places = [
            connection.scalars(asked.where(log.c.message_id == n)).one() for n in (one, other)
        ]
        for old, new in ((places[0], 1_000), (places[1], places[0]), (1_000, places[1])):
            connection.execute(log.update().where(log.c.seq == old).values(seq=new))
    return list(verify_store(store))


class TestVerifyTrail:
    @pytest.mark.parametrize("column", OF_ACT)
    def test_every_column_of_an_act_is_sealed(self, told: SqlStore, column: str) -> None:
        value = OTHER.get(column, "'x'")
        second = audit_entries(told)[1].seq
        change = f'UPDATE audit_trail SET "{column}" = {value} WHERE seq = {second}'  # noqa: S608

        (found,) = found_after(told, change)

        assert found.what == "seal is not made of what it says"
        assert found.key == f"entry {second}, link 2 of audit_trail"

    def test_an_act_that_is_gone_is_missed(self, told: SqlStore) -> None:
        (found,) = found_after(told, "DELETE FROM audit_trail WHERE \"user\" = 'li'")

        assert found.what == "link 2 should stand here: entries are gone or were moved"

    def test_the_newest_acts_that_are_gone_are_missed(self, told: SqlStore) -> None:
        found = found_after(told, "DELETE FROM audit_trail WHERE link > 1")

        what = "it ends at link 1, its head says 3"
        assert found == [Discrepancy("trail_chains", "audit_trail", what)]

    def test_a_trail_that_is_gone_with_its_head_is_missed_by_a_kept_seal(
        self, told: SqlStore
    ) -> None:
        kept = keep(told)

        found = found_after(told, "DELETE FROM audit_trail", "DELETE FROM trail_chains", kept=kept)

        what = "it ends at link 0; a seal of link 3 was kept"
        assert found == [Discrepancy("trail_chains", "audit_trail", what)]


class TestKept:
    def test_what_was_kept_fits_what_has_grown_since(self, told: SqlStore) -> None:
        kept = keep(told)
        save(told, Batch(messages=[logged("EDC 4", "s", about="subject")]))
        note_act(told, "li", "sign_in", now=NOON)

        assert list(verify_store(told, kept)) == []

    def test_a_case_that_is_gone_whole_is_missed(self, told: SqlStore) -> None:
        gone = Kept(cases={"B:1": ChainHead(2, "x")}, subjects={"S/1": ChainHead(1, "x")})

        assert list(verify_store(told, gone)) == [
            Discrepancy("cases", "B:1", "it is gone; a seal of it was kept"),
            Discrepancy("subjects", "S/1", "it is gone; a seal of it was kept"),
        ]

    @pytest.mark.parametrize(
        ("version", "key", "what"),
        [
            (2, f"{CASE_ID} version 2", "chain is not the one that was kept"),
            (3, CASE_ID, "it has 2 versions; a seal of 3 was kept"),
        ],
    )
    def test_versions_that_were_forged_or_cut_off_are_found(
        self, told: SqlStore, version: int, key: str, what: str
    ) -> None:
        kept = Kept(cases={CASE_ID: ChainHead(version, "another")})

        assert list(verify_store(told, kept)) == [Discrepancy("case_versions", key, what)]

    @pytest.mark.parametrize("line", [b"no JSON", b"{}", b'{"of": "x"}', b"[]", b"\xff"])
    def test_a_file_that_is_none_of_ours_is_refused_by_its_line(self, line: bytes) -> None:
        good = b'{"of": "log", "chain": "a/0", "links": 1, "seal": "s"}'

        with pytest.raises(KeptSealsError, match="line 2 of the kept seals"):
            read_kept([good, line])


MESSAGE = """
INSERT INTO message_log (source, message_id, type, subject, about, media_type, payload, digest,
    topic, partition, "offset", part, recorded_at)
VALUES (:s, :m, 't', 'x', 'subject', 'j', :p, :d, 'pv.icsr', :n, 1, 0, :at)
"""
ACT = """INSERT INTO audit_trail (at, "user", act, details) VALUES (:at, 'li', 'view', :p)"""


class TestMigration:
    def test_seals_what_an_older_version_stored(self, database_url: str) -> None:
        older(database_url, "0010")
        empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # sha256 of {}
        engine = make_engine(database_url)
        with engine.begin() as connection:
            at = "2026-03-01T12:00:00.000000+00:00"
            for number in range(1_203):  # more than are read at a time
                told = {"s": "old", "m": str(number), "n": number % 2, "d": empty, "at": at}
                connection.execute(text(MESSAGE), told | {"p": b"{}"})
            connection.execute(text(ACT), {"at": at, "p": "{}"})
        engine.dispose()

        migrate(database_url)

        with closing(open_store(database_url)) as store:
            assert list(verify_store(store)) == []
            with store.reading() as connection:
                heads = connection.execute(select(tables.log_chains)).all()
            assert sorted((head.chain, head.links) for head in heads) == [
                ("pv.icsr/0", 602),
                ("pv.icsr/1", 601),
            ]
            (found,) = found_after(store, "DELETE FROM message_log WHERE message_id = '7'")
            assert found.key == "old 9, link 5 of pv.icsr/1"


def older(url: str, version: str) -> None:
    """Make the tables of an older version."""
    engine = make_engine(url)
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()
