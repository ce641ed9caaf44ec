"""The simulated study as records: reproducible, bounded, and broken only where it says so."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

import orjson
import pytest

from consumers.simulation import (
    SimulatedRecord,
    expected_counts,
    known_duplicates,
    simulate_secure,
    stream,
)
from consumers.simulation.story import Story
from schemas.errors import Reason
from schemas.parse import Message, Refused, parse_record

SEED, SUBJECTS = 1, 106
SOURCE = "urn:sorafenib-safety:simulation:secure"


@cache
def study() -> tuple[SimulatedRecord, ...]:
    return tuple(simulate_secure(SEED, SUBJECTS))


@cache
def parsed() -> tuple[tuple[SimulatedRecord, Message | Refused], ...]:
    return tuple((record, parse(record)) for record in study())


@cache
def accepted() -> tuple[tuple[SimulatedRecord, dict[str, Any]], ...]:
    """Give the records that keep their contract, with their JSON."""
    return tuple(
        (record, orjson.loads(record.value))
        for record, message in parsed()
        if isinstance(message, Message)
    )


def parse(record: SimulatedRecord) -> Message | Refused:
    [message] = parse_record(record.topic, record.value, key=record.key, headers=record.headers)
    return message


def reports() -> Iterator[tuple[SimulatedRecord, dict[str, Any]]]:
    """Give the reports of adverse events, repetitions included."""
    for record, event in accepted():
        if event["type"] == "pv.adverse-event.reported.v1" and ":broken" not in event["id"]:
            yield record, event["data"]


class TestSimulateSecure:
    def test_the_bytes_are_those_of_the_first_day(self) -> None:
        # Read by hand on the day it was noted; the same on every machine, Python and hash seed.
        digest = hashlib.sha256()
        for record in islice(simulate_secure(1, 106), 1000):
            digest.update(f"{record.topic}\0{record.key}\0".encode() + record.value + b"\n")

        assert digest.hexdigest() == (
            "e499106e7cc9d967d3965d12e0d420268e558bd75112e5f9c1b6bcdbf8e8c680"
        )

    def test_the_same_arguments_give_the_same_records(self) -> None:
        assert tuple(simulate_secure(SEED, SUBJECTS)) == study()

    def test_another_seed_tells_of_other_people(self) -> None:
        one, other = ({each.value for each in simulate_secure(seed, 3)} for seed in (2, 3))

        assert one & other <= {b""}

    def test_a_study_of_this_size_has_some_thousands_of_records(self) -> None:
        assert 6000 < len(study()) < 9000

    def test_most_records_are_laboratory_results(self) -> None:
        results = [event for _, event in accepted() if "laboratory" in event["type"]]

        assert len(results) > len(study()) / 2

    def test_everything_is_marked_synthetic_and_names_its_source(self) -> None:
        for _, event in accepted():
            assert event["data"]["synthetic"] is True
            assert event["source"] == SOURCE

    def test_no_subject_gives_no_record(self) -> None:
        assert list(simulate_secure(SEED, 0)) == []

    def test_all_subjects_are_told_of(self) -> None:
        enrolled = {record.key for record, event in accepted() if "enrolled" in event["type"]}

        assert len(enrolled) == SUBJECTS

    def test_subjects_are_made_as_they_are_needed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: set[int] = set()
        most = 0
        tell = stream._tell_subject

        def counted(story: Story) -> Iterator[tuple[SimulatedRecord, stream.Fate]]:
            nonlocal most
            opened.add(story.subject.number)
            most = max(most, len(opened))
            yield from tell(story)
            opened.remove(story.subject.number)

        monkeypatch.setattr(stream, "_tell_subject", counted)
        records = sum(1 for _ in islice(simulate_secure(SEED, 10_000_000), 3000))

        assert records == 3000
        assert most <= 12

    def test_everything_happens_between_the_first_visit_and_the_last_entry(self) -> None:
        for _, event in accepted():
            if ":broken" in event["id"]:
                continue
            told = datetime.fromisoformat(event["time"])
            assert told.utcoffset() is not None
            assert date(2013, 7, 9) <= told.date() <= date(2017, 12, 31)


class TestAcceptedRecords:
    def test_follow_ups_sometimes_arrive_before_what_they_follow(self) -> None:
        seen: dict[str, int] = {}
        overtaken = 0
        for record, report in reports():
            version = report["case"].get("sender_version", 1)
            overtaken += version < seen.get(record.key, 0)
            seen[record.key] = max(version, seen.get(record.key, 0))

        assert overtaken > 5

    def test_all_kinds_of_message_occur(self) -> None:
        kinds = {event["type"] for _, event in accepted()}

        assert kinds == {
            "pv.adverse-event.reported.v1",
            "pv.adverse-event.nullified.v1",
            "pv.decision.recorded.v1",
            "pv.subject.enrolled.v1",
            "pv.exposure.recorded.v1",
            "pv.disease.assessed.v1",
            "pv.concomitant.recorded.v1",
            "pv.laboratory.recorded.v1",
        }

    def test_all_kinds_of_report_occur(self) -> None:
        assert {report["kind"] for _, report in reports()} == {
            "initial",
            "follow_up",
            "correction",
        }

    def test_both_desk_decisions_occur(self) -> None:
        actions = {
            event["data"]["action"]["kind"]
            for _, event in accepted()
            if "decision" in event["type"]
        }

        assert actions == {"recode", "assess_causality"}

    def test_about_six_terms_in_ten_are_chinese(self) -> None:
        languages = Counter(
            reaction["term"]["language"]
            for _, report in reports()
            for reaction in report.get("reactions", ())
            if "term" in reaction
        )

        assert set(languages) == {"zh", "en"}
        assert 0.5 < languages["zh"] / languages.total() < 0.7

    def test_investigators_answer_in_the_words_of_three_methods(self) -> None:
        answers = {
            (answer["method"], answer["result"])
            for _, report in reports()
            for answer in report.get("relatedness", ())
            if answer["assessor"] == "investigator"
        }

        assert ("six-level", "可能无关") in answers
        assert ("WHO-UMC", "Possible") in answers
        assert {("binary", "related"), ("binary", "No")} <= answers

    def test_the_sponsor_now_and_then_contradicts_the_investigator(self) -> None:
        results = {
            (record.key, answer["reaction_id"], answer["assessor"]): answer["result"]
            for record, report in reports()
            for answer in report.get("relatedness", ())
        }
        suspected = {"可能", "很可能", "Possible", "Probable", "related", "Yes"}
        contradicted = [
            key
            for key, reaction, assessor in results
            if assessor == "sponsor"
            and results[key, reaction, assessor] == "Not related"
            and results.get((key, reaction, "investigator")) in suspected
        ]

        assert contradicted

    def test_nobody_is_aware_after_the_report_is_received(self) -> None:
        for _, report in reports():
            received = datetime.fromisoformat(report["received_at"])
            for awareness in report.get("awareness", ()):
                if "at" in awareness:
                    assert datetime.fromisoformat(awareness["at"]) <= received
                else:
                    assert date.fromisoformat(awareness["day"]) <= received.date()

    def test_doses_follow_the_levels_of_the_label(self) -> None:
        doses = {
            (data["dose"]["value"], data["per_day"], data["every_days"])
            for _, event in accepted()
            if "exposure" in event["type"]
            for data in [event["data"]]
        }

        assert doses == {(400, 2, 1), (400, 1, 1), (400, 1, 2), (0, 0, 1)}

    def test_some_subjects_meet_the_laboratory_part_of_hys_law(self) -> None:
        peaks: dict[tuple[str, str], dict[str, float]] = {}
        for record, event in accepted():
            if "laboratory" in event["type"]:
                data = event["data"]
                visit = peaks.setdefault((record.key, data["collected"]["value"]), {})
                visit[data["test"]] = data["result"]["value"] / data["high"]
        met = {
            key
            for (key, _), visit in peaks.items()
            if max(visit.get("ALT", 0), visit.get("AST", 0)) >= 3
            and visit.get("Total bilirubin", 0) > 2
            and visit.get("Alkaline phosphatase", 9) < 2
        }

        assert 1 <= len(met) <= 10

    def test_every_subject_has_a_baseline_of_every_test(self) -> None:
        baseline = Counter(
            event["subject"]
            for event in {
                event["id"]: event for _, event in accepted() if "laboratory" in event["type"]
            }.values()
            if event["data"].get("baseline")
        )

        assert len(baseline) == SUBJECTS
        assert set(baseline.values()) == {10}


class TestBrokenRecords:
    def test_each_is_refused_for_the_reason_that_was_meant(self) -> None:
        for record, fate in stream._stream(SEED, SUBJECTS):
            message = parse(record)
            if isinstance(message, Refused):
                assert message.error.reason == fate
            else:
                assert fate in {"first", "repeated", Reason.FUTURE_AWARENESS}

    def test_every_reason_occurs(self) -> None:
        assert set(expected_counts(SEED, SUBJECTS).refused) == {
            Reason.NOT_JSON,
            Reason.TRUNCATED,
            Reason.NOT_UTF8,
            Reason.EMPTY,
            Reason.UNKNOWN_TYPE,
            Reason.UNKNOWN_FIELD,
            Reason.MISSING_FIELD,
            Reason.NAIVE_TIME,
            Reason.UNKNOWN_COUNTRY,
            Reason.FUTURE_AWARENESS,
        }

    def test_about_one_in_a_hundred_is_broken(self) -> None:
        refused = expected_counts(SEED, SUBJECTS).refused.total()

        assert 0.005 < refused / len(study()) < 0.02

    def test_awareness_in_the_future_keeps_the_contract(self) -> None:
        future = [
            event
            for _, event in accepted()
            if event["data"].get("received_at", "").startswith(("208", "209"))
        ]

        assert len(future) == expected_counts(SEED, SUBJECTS).refused[Reason.FUTURE_AWARENESS]

    def test_the_good_message_follows_the_broken_one(self) -> None:
        for place, (record, message) in enumerate(parsed()):
            if isinstance(message, Refused):
                later = [each.key for each in study()[place + 1 :]]
                assert record.key in later


class TestExpectedCounts:
    def test_add_up_to_the_records_of_each_topic(self) -> None:
        tally = expected_counts(SEED, SUBJECTS)

        assert tally.records == Counter(record.topic for record in study())
        assert tally.records.total() == (
            tally.first_told.total() + tally.repeated.total() + tally.refused.total()
        )

    def test_repetitions_have_the_same_bytes(self) -> None:
        copies = Counter(
            record.value for record, message in parsed() if isinstance(message, Message)
        )
        repeated = sum(count - 1 for count in copies.values())

        assert repeated == expected_counts(SEED, SUBJECTS).repeated.total()
        assert 0.01 < repeated / len(study()) < 0.03

    def test_no_id_is_used_for_two_messages(self) -> None:
        values: dict[str, set[bytes]] = {}
        for record, event in accepted():
            values.setdefault(event["id"], set()).add(record.value)

        assert {len(each) for each in values.values()} == {1}

    def test_mistyped_entries_are_accepted(self) -> None:
        slips: Counter[str] = Counter()
        counted: set[str] = set()
        for record, report in reports():
            if report["kind"] != "initial" or record.key in counted:
                continue
            counted.add(record.key)
            reaction = report["reactions"][0]
            grade = reaction.get("grade", {}).get("grade")
            slips["end_before_onset"] += (
                reaction.get("end", {}).get("value", "9") < (reaction["onset"]["value"])
            )
            hand_foot = any(
                word in reaction["term"]["text"].casefold() for word in ("手足", "hand", "foot")
            )
            slips["impossible_grade"] += hand_foot and grade == 4

        tally = expected_counts(SEED, SUBJECTS).slips
        assert tally["end_before_onset"] == slips["end_before_onset"] > 0
        assert tally["impossible_grade"] == slips["impossible_grade"] > 0


class TestKnownDuplicates:
    def test_both_cases_of_each_pair_are_in_the_stream(self) -> None:
        keys = {record.key for record in study()}
        pairs = list(known_duplicates(SEED, SUBJECTS))

        assert len(pairs) == 4  # two subjects in 106, one entered twice and one told twice each
        assert {key for pair in pairs for key in pair} <= keys

    def test_the_case_entered_twice_is_nullified_in_favour_of_the_first(self) -> None:
        voided = {
            (record.key, event["data"]["surviving_case"])
            for record, event in accepted()
            if "nullified" in event["type"]
        }

        assert voided == {
            pair for pair in known_duplicates(SEED, SUBJECTS) if pair[0].startswith("SECURE-EDC:")
        }

    def test_the_hospital_tells_of_the_same_person_in_other_words(self) -> None:
        told = {record.key: report for record, report in reports() if report["kind"] == "initial"}
        pairs = [
            (told[again], told[first])
            for again, first in known_duplicates(SEED, SUBJECTS)
            if again.startswith("HOSP-ADR:")
        ]

        assert len(pairs) == 2
        for again, first in pairs:
            assert again["report_type"] == "spontaneous"
            assert again["patient"]["sex"] == first["patient"]["sex"]
            assert again["patient"]["initials"] != first["patient"]["initials"]
            assert again["received_at"] > first["received_at"]
