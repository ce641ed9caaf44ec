"""
The public E2B(R3) samples, through the whole pipeline.

Which faults each sample has is stated in the brief on E2B(R3), sections 10 and 11,
and was read in the files themselves.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from consumers.backfill import process_records
from consumers.handlers import Record, Tally
from safety.store import migrate, open_store
from safety.store.queries import case_ids, versions_of
from safety.versions import Version
from tests.support.decisions import knowledge

NOW = datetime(2026, 4, 1, tzinfo=UTC)

FAULTS = {
    # N.2.r.1 is not C.1.1; both reactions lack the reporter's own words in E.i.1.1a
    "FAERS2022Scenario1.xml": {"message_id_differs_from_case_id", "missing_verbatim"},
    "FAERS2022Scenario3.xml": {"message_id_differs_from_case_id", "missing_verbatim"},
    "FAERS2022Scenario8.xml": {"message_id_differs_from_case_id", "missing_verbatim"},
    # xsi:type with a prefix that leads to no namespace; an unknown country
    "invalid-unresolvable-xsi-type.xml": {"xsi_type_unresolved", "country_not_iso"},
    "sorafenib-study-case-synthetic.xml": set(),
}


def process(database: Path, *files: Path) -> tuple[Tally, list[Version]]:
    """Run files through the pipeline into an empty database; give counts and all versions."""
    url = f"sqlite:///{database / 'safety.db'}"
    migrate(url)
    store = open_store(url)
    records = [Record("pv.icsr", -1, n, None, {}, f.read_bytes()) for n, f in enumerate(files)]
    tallies = process_records(records, store, knowledge(), clock=lambda: NOW)
    versions = [version for case in case_ids(store) for version in versions_of(store, case)]
    store.close()
    return tallies["pv.icsr"], versions


class TestSamples:
    @pytest.mark.parametrize("name", FAULTS)
    def test_each_becomes_a_case_with_its_known_faults(
        self, shared_data: Path, tmp_path: Path, name: str
    ) -> None:
        tally, (version,) = process(tmp_path, shared_data / "e2b" / "samples" / name)
        found = {finding["code"] for finding in version.findings}

        assert (tally.accepted, tally.quarantined) == (1, 0)
        assert version.status == "valid"
        assert found >= FAULTS[name]
        assert not (name.startswith("sorafenib") and found)

    def test_samples_that_share_batch_and_case_numbers_are_all_kept(
        self, shared_data: Path, tmp_path: Path
    ) -> None:
        files = sorted((shared_data / "e2b" / "samples").glob("FAERS*.xml"))
        tally, versions = process(tmp_path, *files, *files)

        assert (tally.accepted, tally.repeated) == (3, 3)
        assert {version.case_id for version in versions} == {"US-APHARMA-8744554B"}
        assert "message_number_reused" in {finding["code"] for finding in versions[-1].findings}

    def test_an_acknowledgement_among_reports_is_quarantined_alone(
        self, shared_data: Path, tmp_path: Path
    ) -> None:
        folder = shared_data / "e2b" / "samples"
        tally, versions = process(
            tmp_path, folder / "R3ack-positive.ack", folder / "sorafenib-study-case-synthetic.xml"
        )

        assert (tally.accepted, tally.quarantined) == (1, 1)
        assert tally.reasons == {"not_an_icsr": 1}
        assert len(versions) == 1
