"""
Folders of CDISC datasets, through the whole pipeline.

Figures of the public samples were counted in the files with other tools (csv and Counter).
"""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from consumers.cdisc import ImportSummary, Receipt, Standard, import_folder
from consumers.input_files import InputFileError
from safety.store import SqlStore, migrate, open_store
from safety.store.queries import case_ids, subject_records, versions_of
from safety.versions import Version
from tests.support.decisions import knowledge
from tests.support.transport import transport_file

NOW = datetime(2026, 4, 1, tzinfo=UTC)

DM = {
    "STUDYID": "STUDY-1",
    "USUBJID": "S1",
    "SEX": "F",
    "AGE": "63",
    "AGEU": "YEARS",
    "COUNTRY": "USA",
    "ARM": "Drug",
    "ACTARM": "Drug",
    "RFXSTDTC": "2014-01-02",
    "RFICDTC": "2013-12-26",
}
EX = {
    "STUDYID": "STUDY-1",
    "USUBJID": "S1",
    "EXSEQ": "1",
    "EXTRT": "XANOMELINE",
    "EXDOSE": "54",
    "EXDOSU": "mg",
    "EXDOSFRQ": "QD",
    "EXSTDTC": "2014-01-02",
    "EXENDTC": "2014-06-18",
}
AE = {
    "STUDYID": "STUDY-1",
    "USUBJID": "S1",
    "AESEQ": "1",
    "AETERM": "itching at the site",
    "AEDECOD": "APPLICATION SITE PRURITUS",
    "AEBODSYS": "GENERAL DISORDERS",
    "AESEV": "MODERATE",
    "AESER": "Y",
    "AESHOSP": "Y",
    "AEREL": "POSSIBLE",
    "AEOUT": "NOT RECOVERED/NOT RESOLVED",
    "AESTDTC": "2014-01-05",
    "AEDTC": "2014-01-16",
}

Rows = Sequence[Mapping[str, str]]


@dataclass
class Study:
    """A folder and a store; each call imports what the folder then holds."""

    folder: Path
    store: SqlStore
    standard: Standard = Standard.SDTM
    written: dict[str, Rows] = field(default_factory=dict)

    def take(self, receipt: Receipt | None = None, **datasets: Rows) -> ImportSummary:
        """Write datasets beside those written before, and import the folder."""
        self.written |= datasets
        for name, rows in self.written.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns or ["USUBJID"])
                writer.writeheader()
                writer.writerows(rows)
        return self.read(self.folder, receipt)

    def read(self, folder: Path, receipt: Receipt | None = None) -> ImportSummary:
        """Import a folder."""
        told = receipt or Receipt(NOW)
        return import_folder(folder, self.standard, self.store, knowledge(), told)

    @property
    def cases(self) -> dict[str, Version]:
        """The latest version of each case."""
        return {case: versions_of(self.store, case)[-1] for case in case_ids(self.store)}

    @property
    def case(self) -> Version:
        """The one case there is."""
        (version,) = self.cases.values()
        return version

    @property
    def days_zero(self) -> set[date]:
        """The days from which the duties of the cases count."""
        with self.store.transaction() as transaction:
            heads = transaction.heads(list(case_ids(self.store))).values()
        return {duty.day_zero for head in heads for duty in head.obligations}

    def records(self, kind: str, study: str = "STUDY-1") -> list[Mapping[str, Any]]:
        """The data of the study records of a kind."""
        found = subject_records(self.store, study)
        return [record.data for record in found if kind in record.kind]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and nothing in them; to make one takes longer than an import."""
    path = tmp_path_factory.mktemp("empty") / "safety.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def study(tmp_path: Path, empty: Path) -> Iterator[Study]:
    path = tmp_path / "safety.db"
    shutil.copy(empty, path)
    store = open_store(f"sqlite:///{path}")
    folder = tmp_path / "data"
    folder.mkdir()
    yield Study(folder, store)
    store.close()


def codes(version: Version) -> set[str]:
    return {finding["code"] for finding in version.findings}


class TestOneEvent:
    def test_becomes_a_case_with_the_studys_own_words(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])

        assert list(study.cases) == ["STUDY-1:S1-AE1"]
        (event,) = study.case.events
        assert (event["study"], event["subject"]) == ("STUDY-1", "S1")
        assert (event["term"], event["soc"]) == ("APPLICATION SITE PRURITUS", "GENERAL DISORDERS")
        assert (event["serious"], event["criteria"]) == (True, "hospitalisation")
        assert (event["related_reporter"], event["outcome"]) == (True, "not_recovered")
        assert (event["onset"], event["country"]) == ("2014-01-05", "US")
        assert study.case.status == "valid"

    def test_its_drug_is_what_the_subject_took(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])

        (pair,) = study.case.pairs
        assert (pair["drug_name"], pair["role"], pair["ours"]) == ("XANOMELINE", "suspect", True)

    def test_the_day_it_was_written_down_is_the_day_it_was_known(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])

        assert study.days_zero == {date(2014, 1, 16)}

    def test_the_day_the_data_came_may_be_named(self, study: Study) -> None:
        study.take(Receipt(NOW, date(2026, 3, 2)), dm=[DM], ex=[EX], ae=[AE])

        assert study.days_zero == {date(2026, 3, 2)}

    def test_what_has_no_field_is_kept_with_its_row_and_supplements(self, study: Study) -> None:
        supplement = {
            "STUDYID": "STUDY-1",
            "RDOMAIN": "AE",
            "USUBJID": "S1",
            "IDVAR": "AESEQ",
            "IDVARVAL": "1",
            "QNAM": "AETRTEM",
            "QVAL": "Y",
        }
        study.take(dm=[DM], ex=[EX], suppae=[supplement], ae=[{**AE, "AESPID": "E08"}])

        with study.store.transaction() as transaction:
            (log,) = transaction.log_of(["STUDY-1:S1-AE1"]).values()
        assert b'{"path":"row","content":"ae.csv, row 1"}' in log[0].payload
        assert b'{"path":"AESPID","content":"E08"}' in log[0].payload
        assert b'"treatment_emergent":true' in log[0].payload


class TestAgain:
    def test_the_same_rows_change_nothing(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])
        again = study.take()

        assert (again.changes.new, again.changes.known, again.changes.changed) == (0, 3, 0)
        assert all(tally.repeated == tally.messages for tally in again.tallies.values())

    def test_a_changed_event_is_a_follow_up_that_was_known_today(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])
        changed = {**AE, "AEOUT": "RECOVERED/RESOLVED", "AEENDTC": "2014-02"}
        summary = study.take(ae=[changed])

        assert summary.changes.changed == 1
        (event,) = study.case.events
        assert (event["outcome"], event["ended"]) == ("recovered", "2014-02")
        assert study.case.version == 2

    def test_what_a_row_no_longer_says_is_taken_back(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[{**AE, "AEENDTC": "2014-02", "AETOXGR": "3"}])
        study.take(ae=[{**AE, "AESER": "N", "AESHOSP": "N", "AEREL": ""}])

        (event,) = study.case.events
        assert (event["serious"], event["ended"], event["grade"]) == (False, None, None)
        assert event["related_reporter"] is None

    def test_an_older_cut_read_again_does_not_undo_a_newer_one(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])
        study.take(ae=[{**AE, "AEOUT": "RECOVERED/RESOLVED"}])
        study.take(ae=[AE])

        assert study.case.events[0]["outcome"] == "recovered"

    def test_a_dose_period_that_goes_on_is_told_anew_and_the_events_stay(
        self, study: Study
    ) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])
        summary = study.take(ex=[{**EX, "EXENDTC": "2014-07-02"}])

        assert summary.changes.changed == 1
        assert [record["end"]["value"] for record in study.records("exposure")] == ["2014-07-02"]
        assert study.case.version == 1


class TestContradictions:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"AESER": "N", "AEOUT": "FATAL"}, "fatal_outcome_not_serious"),
            ({"AEOUT": "FATAL", "AESDTH": "N"}, "fatal_outcome_death_denied"),
            ({"AESDTH": "Y"}, "death_criterion_without_fatal_outcome"),
            ({"AESER": "N"}, "criterion_on_event_told_not_serious"),
            ({"AESHOSP": ""}, "serious_without_criterion"),
            ({"AEENDTC": "2014-01-04"}, "end_before_onset"),
            ({"AEENDTC": "2014-01-06"}, "end_of_unresolved_event"),
            ({"AEOUT": "RECOVERED/RESOLVED"}, "resolved_without_end"),
            ({"AEOUT": "FATAL"}, "fatal_outcome_subject_alive"),
            ({"AEOUT": "BETTER NOW"}, "word_not_known"),
            ({"AESTDTC": "soon"}, "date_not_read"),
            ({"USUBJID": "S9"}, "subject_not_in_study"),
        ],
    )
    def test_each_is_a_finding_of_the_case(
        self, study: Study, changes: dict[str, str], code: str
    ) -> None:
        study.take(dm=[DM], ex=[EX], ae=[{**AE, **changes}])

        assert code in codes(study.case)

    def test_an_event_after_the_death_is_found(self, study: Study) -> None:
        study.take(dm=[{**DM, "DTHDTC": "2014-01"}], ex=[EX], ae=[{**AE, "AESTDTC": "2014-02-01"}])

        assert "onset_after_death" in codes(study.case)

    def test_a_row_without_contradiction_has_none_of_them(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])

        assert codes(study.case) == set()


class TestOddRows:
    def test_the_same_row_twice_counts_once_and_another_with_its_number_apart(
        self, study: Study
    ) -> None:
        summary = study.take(dm=[DM], ex=[EX], ae=[AE, AE, {**AE, "AESTDTC": "2014-03-01"}])

        assert list(study.cases) == ["STUDY-1:S1-AE1", "STUDY-1:S1-AE1.2"]
        seen = next(each for each in summary.seen if each.dataset == "AE")
        assert seen.skipped == {"the same row again": 1}
        assert seen.findings["sequence_number_used_twice"] == 1

    def test_subjects_without_events_and_events_without_subjects(self, study: Study) -> None:
        summary = study.take(dm=[DM, {**DM, "USUBJID": "S2"}], ex=[EX], ae=[AE])
        assert (summary.subjects, summary.without_events, summary.events) == (2, 1, 1)

    def test_events_alone_are_read(self, study: Study) -> None:
        summary = study.take(ae=[AE])

        assert (summary.subjects, summary.events) == (0, 1)
        assert study.case.pairs[0]["drug_name"] == "study treatment, not named"
        assert study.case.pairs[0]["ours"] is True

    def test_no_rows_at_all(self, study: Study) -> None:
        assert study.take(dm=[], ae=[]).events == 0

    def test_rows_without_subject_or_term_are_left_out_and_said(self, study: Study) -> None:
        summary = study.take(
            dm=[DM], ae=[{**AE, "USUBJID": ""}, {**AE, "AETERM": "", "AEDECOD": ""}]
        )

        (seen,) = (each for each in summary.seen if each.dataset == "AE")
        assert seen.skipped == {"no STUDYID or USUBJID": 1, "no term": 1}

    def test_what_was_not_coded_is_coded_by_us(self, study: Study) -> None:
        study.take(dm=[DM], ae=[{**AE, "AETERM": "diarrhoea", "AEDECOD": "No coding available"}])

        assert study.case.events[0]["term"] == "Diarrhea"

    def test_a_term_of_five_hundred_characters_is_whole(self, study: Study) -> None:
        study.take(dm=[DM], ae=[{**AE, "AETERM": "x" * 500, "AEDECOD": "y" * 500}])

        assert study.case.events[0]["verbatim"] == "x" * 500
        assert study.case.events[0]["term"] == "y" * 500

    def test_a_screen_failure_has_no_arm_and_is_not_in_the_safety_set(self, study: Study) -> None:
        study.take(dm=[{**DM, "ARM": "Screen Failure", "ACTARM": "Screen Failure"}], ae=[])

        (subject,) = study.records("enrolled")
        assert "actual_arm" not in subject
        assert subject["populations"] == []

    def test_who_took_a_dose_is_in_the_safety_set_though_no_period_is_told(
        self, study: Study
    ) -> None:
        study.take(dm=[DM, {**DM, "USUBJID": "S2"}], ex=[{**EX, "USUBJID": "S2"}], ae=[])

        assert [data["populations"] for data in study.records("enrolled")] == [["safety"]] * 2

    def test_the_reference_start_is_the_first_dose_where_nothing_else_tells_doses(
        self, study: Study
    ) -> None:
        dm = {name: cell for name, cell in DM.items() if name != "RFXSTDTC"}
        failed = {**dm, "USUBJID": "S2", "ARM": "Screen Failure", "ACTARM": ""}
        study.take(dm=[{**dm, "RFSTDTC": "2014-01-02"}, {**failed, "RFSTDTC": "2014-01-03"}])

        told = [data.get("first_dose") for data in study.records("enrolled")]
        assert told == [{"value": "2014-01-02", "precision": "day"}, None]

    def test_the_reference_start_is_no_dose_where_the_study_tells_doses(self, study: Study) -> None:
        dm = {name: cell for name, cell in DM.items() if name != "RFXSTDTC"}
        study.take(dm=[{**dm, "RFSTDTC": "2013-12-31"}], ex=[EX], ae=[])

        (subject,) = study.records("enrolled")
        assert "first_dose" not in subject

    def test_population_flags_of_suppdm_are_taken(self, study: Study) -> None:
        flag = {"STUDYID": "STUDY-1", "USUBJID": "S1", "RDOMAIN": "DM"}
        summary = study.take(
            dm=[DM],
            ex=[EX],
            ae=[],
            suppdm=[
                {**flag, "QNAM": "SAFETY", "QVAL": "N"},
                {**flag, "QNAM": "ITT", "QVAL": "Y"},
                {**flag, "QNAM": "COMPLT24", "QVAL": "Y"},
            ],
        )

        (subject,) = study.records("enrolled")
        assert (subject["populations"], subject["excluded_from"]) == (["itt"], ["safety"])
        (seen,) = [each for each in summary.seen if each.dataset == "SUPPDM"]
        assert dict(seen.skipped) == {"no population flag": 1}

    @pytest.mark.parametrize(("flag", "emergent"), [("Y", True), ("", False), ("N", False)])
    def test_a_flag_of_emergence_may_stand_in_ae_itself(
        self, study: Study, flag: str, *, emergent: bool
    ) -> None:
        study.take(dm=[DM], ex=[EX], ae=[{**AE, "AETRTEM": flag}])

        recorded = study.case.state["reactions/AE1"]["as_recorded"][0]
        assert recorded["treatment_emergent"] is emergent

    @pytest.mark.parametrize(
        ("cells", "grade"),
        [
            ({"AETOXGR": "3"}, 3),
            ({"AETOXGR": "GRADE 2"}, 2),
            ({"ATOXGR": "Grade 4"}, 4),
            ({"AETOXGRN": "1.0"}, 1),
            ({"AETOXGR": "<Missing>", "ATOXGRN": "5"}, 5),
            ({"AETOXGR": "NA"}, None),
            ({"AETOXGR": "0"}, None),
        ],
    )
    def test_a_grade_may_stand_in_several_columns(
        self, study: Study, cells: dict[str, str], grade: int | None
    ) -> None:
        study.take(dm=[DM], ex=[EX], ae=[{**AE, **cells}])

        (event,) = study.case.events
        assert event["grade"] == grade

    def test_an_event_in_the_future_is_put_in_quarantine(self, study: Study) -> None:
        summary = study.take(dm=[DM], ae=[{**AE, "AEDTC": "2031-01-01"}])

        assert summary.tallies["pv.adverse-events"].quarantined == 1

    def test_a_torn_file_is_refused(self, study: Study) -> None:
        (study.folder / "ae.xpt").write_bytes(transport_file("AE", [AE])[:-80])

        with pytest.raises(InputFileError, match="transport file"):
            study.take(dm=[DM])


class TestTransportFiles:
    def test_make_the_cases_that_csv_makes(self, study: Study) -> None:
        study.take(dm=[DM], ex=[EX], ae=[AE])
        state = study.case.state
        for name, row in (("dm", DM), ("ex", EX), ("ae", AE)):
            (study.folder / f"{name}.csv").unlink()
            content = transport_file(name.upper(), [row])
            (study.folder / f"{name.upper()}.XPT").write_bytes(content)
        again = study.read(study.folder)

        assert (again.changes.known, again.changes.changed) == (3, 0)
        assert study.case.state == state


class TestRecords:
    def test_dose_periods_tell_what_changed(self, study: Study) -> None:
        doses = ("54", "81", "0", "54", "54")
        rows = [
            {**EX, "EXSEQ": str(n), "EXDOSE": dose, "EXSTDTC": f"2014-0{n}-01"}
            for n, dose in enumerate(doses, start=1)
        ]
        study.take(dm=[DM], ex=rows)

        told = sorted(study.records("exposure"), key=lambda data: data["start"]["value"])
        assert [data["change"] for data in told] == [
            "start",
            "increased",
            "interrupted",
            "resumed",
            "start",
        ]
        assert {(data["per_day"], data["every_days"]) for data in told} == {(1, 1)}

    def test_a_disposition_and_a_result_and_a_treatment(self, study: Study) -> None:
        head = {"STUDYID": "STUDY-1", "USUBJID": "S1"}
        study.take(
            dm=[DM],
            ds=[
                {**head, "DSSEQ": "1", "DSCAT": "PROTOCOL MILESTONE", "DSDECOD": "RANDOMIZED"},
                {
                    **head,
                    "DSSEQ": "2",
                    "DSCAT": "DISPOSITION EVENT",
                    "DSDECOD": "LOST TO FOLLOW-UP",
                    "DSSTDTC": "2014-03-01",
                },
            ],
            cm=[{**head, "CMSEQ": "1", "CMTRT": "SORAFENIB", "CMCAT": "PRIOR CANCER THERAPY"}],
            lb=[
                {
                    **head,
                    "LBSEQ": "1",
                    "LBTESTCD": "ALT",
                    "LBTEST": "Alanine Transaminase",
                    "LBSTRESC": "<5",
                    "LBSTRESU": "U/L",
                    "LBDTC": "2014-01-02",
                    "LBBLFL": "Y",
                    "LBSTNRHI": "40",
                },
                {
                    **head,
                    "LBSEQ": "2",
                    "LBTESTCD": "HBSAG",
                    "LBSTRESC": "NEGATIVE",
                    "LBDTC": "2014",
                },
            ],
        )

        assert [data["status"] for data in study.records("disease")] == ["lost_to_follow_up"]
        assert [data["kind"] for data in study.records("concomitant")] == ["anti_cancer"]
        (result,) = study.records("laboratory")
        assert result["result"]["comparator"] == "<"
        assert (result["coded"], result["baseline"]) == ("ALT", True)


class TestAdam:
    ADSL = {  # noqa: RUF012 - a constant of the test
        "STUDYID": "STUDY-1",
        "USUBJID": "S1",
        "TRT01P": "Low",
        "TRT01A": "High",
        "TRT01AN": "81",
        "SAFFL": "Y",
        "ITTFL": "N",
        "TRTSDT": "19725",
        "TRTEDT": "2014-03-01",
        "DTHDT": "2014-04-01",
        "DTHCAUS": "DISEASE PROGRESSION",
        "EOSSTT": "DISCONTINUED",
        "DCSREAS": "DEATH",
        "EOSDT": "2014-04-01",
    }
    ADAE = {  # noqa: RUF012 - a constant of the test
        "STUDYID": "STUDY-1",
        "USUBJID": "S1",
        "TRTA": "High",
        "AESEQ": "1",
        "AETERM": "rash",
        "AEDECOD": "RASH",
        "ASTDT": "2014-03-01",
        "ASTDTF": "D",
        "TRTEMFL": "",
        "AEREL": "NONE",
        "AESER": "N",
    }

    def test_dates_that_were_made_up_are_taken_back(self, study: Study) -> None:
        study.standard = Standard.ADAM
        study.take(adsl=[self.ADSL], adae=[self.ADAE])

        (event,) = study.case.events
        assert event["onset"] == "2014-03"
        assert event["related_reporter"] is False

    def test_the_subject_keeps_arms_and_populations_and_its_one_period(self, study: Study) -> None:
        study.standard = Standard.ADAM
        study.take(adsl=[self.ADSL], adae=[self.ADAE])

        (subject,) = study.records("enrolled")
        assert (subject["planned_arm"], subject["actual_arm"]) == ("Low", "High")
        assert (subject["populations"], subject["excluded_from"]) == (["safety"], ["itt"])
        (period,) = study.records("exposure")
        assert (period["drug"], period["start"]["value"]) == ("High", "2014-01-02")
        assert sorted(data["status"] for data in study.records("disease")) == ["dead", "dead"]

    @pytest.mark.parametrize(
        ("cells", "status"),
        [
            ({"PARAMCD": "OS", "CNSR": "0", "EVNTDESC": "Death"}, "dead"),
            ({"PARAMCD": "OSURV", "PARAM": "Overall Survival (days)", "CNSR": "1.0"}, "alive"),
            ({"PARAMCD": "ZZ1", "PARAM": "Overall survival", "CNSR": "0"}, "dead"),
            ({"PARAMCD": "PFS", "CNSR": "0", "EVNTDESC": "Progressive disease"}, "progression"),
            ({"PARAMCD": "PFS", "CNSR": "0", "EVNTDESC": "PD (RECIST 1.1)"}, "progression"),
            ({"PARAMCD": "PFS", "CNSR": "0"}, "progression"),
            ({"PARAMCD": "PFS", "CNSR": "0", "EVNTDESC": "Surgery"}, None),
            ({"PARAMCD": "PFSIRC", "PARAM": "Progression-free survival by IRC", "CNSR": "0"}, None),
            ({"PARAMCD": "PFS2", "CNSR": "0", "EVNTDESC": "Disease progression"}, None),
            ({"PARAMCD": "RFS", "CNSR": "0", "EVNTDESC": "Relapse"}, "recurrence"),
            (
                {"PARAMCD": "IDFS", "PARAM": "Invasive Disease-Free Survival", "CNSR": "0"},
                "recurrence",
            ),
            ({"PARAMCD": "IDFS", "CNSR": "1"}, "no_evidence_of_disease"),
            ({"PARAMCD": "EFS", "CNSR": "0", "EVNTDESC": "Death"}, "dead"),
            ({"PARAMCD": "EFS", "CNSR": "0"}, None),
            ({"PARAMCD": "TTR", "PARAM": "Time to response", "CNSR": "1"}, None),
            ({"PARAMCD": "TTR", "PARAM": "Time to Recurrence", "CNSR": "0"}, "recurrence"),
            ({"PARAMCD": "TTDE", "PARAM": "Time to First Dermatologic Event", "CNSR": "0"}, None),
            ({"PARAMCD": "OS", "CNSR": ""}, None),
        ],
    )
    def test_a_time_to_event_tells_of_the_disease_or_of_life(
        self, study: Study, cells: dict[str, str], status: str | None
    ) -> None:
        study.standard = Standard.ADAM
        subject = {name: cell for name, cell in self.ADSL.items() if "DTH" not in name}
        time = {"STUDYID": "STUDY-1", "USUBJID": "S1", "ADT": "2014-05-01", **cells}
        study.take(adsl=[{**subject, "EOSSTT": "ONGOING"}], adtte=[time])

        told = [data["status"] for data in study.records("disease")]
        assert told == ([] if status is None else [status])


class TestPublicSamples:
    def test_the_pilot_study_is_read_to_the_last_row(self, study: Study, shared_data: Path) -> None:
        folder = shared_data / "cdisc-pilot"
        summary = study.read(folder)
        with (folder / "sdtm_ae.csv").open(encoding="utf-8", newline="") as file:
            raw = list(csv.DictReader(file))
        events = [event for version in study.cases.values() for event in version.events]

        assert summary.tallies["pv.adverse-events"].accepted == len(raw) == 1191
        assert all(tally.quarantined == 0 for tally in summary.tallies.values())
        assert Counter(event["term"] for event in events) == Counter(r["AEDECOD"] for r in raw)
        assert Counter(event["soc"] for event in events) == Counter(r["AEBODSYS"] for r in raw)
        related = sum(row["AEREL"] in {"POSSIBLE", "PROBABLE"} for row in raw)
        assert sum(event["related_reporter"] is True for event in events) == related == 704
        serious = sum(row["AESER"] == "Y" for row in raw)
        assert sum(event["serious"] is True for event in events) == serious == 3

    def test_both_standards_tell_of_the_same_cases(self, study: Study, shared_data: Path) -> None:
        study.read(shared_data / "cdisc-pilot")
        before = set(study.cases)
        study.standard = Standard.ADAM
        study.read(shared_data / "cdisc-pilot")

        assert set(study.cases) == before

    def test_the_synthetic_study_keeps_grades_and_arms(
        self, study: Study, shared_data: Path
    ) -> None:
        study.standard = Standard.ADAM
        folder = shared_data / "oncology-synthetic"
        study.read(folder)
        with (folder / "syn_adae.csv").open(encoding="utf-8", newline="") as file:
            raw = list(csv.DictReader(file))
        events = [event for version in study.cases.values() for event in version.events]

        assert Counter(str(event["grade"]) for event in events) == Counter(
            row["AETOXGR"] for row in raw
        )
        arms = Counter(data["actual_arm"] for data in study.records("enrolled", "AB12345"))
        assert arms == {"A: Drug X": 15, "B: Placebo": 15, "C: Combination": 15}
