"""The label files: complete against regulatory facts 4.2, and checked row by row."""

from datetime import date
from importlib.resources import files

import pytest

from safety.coding import load_dictionary
from safety.errors import KnowledgeError
from safety.expectedness.label import (
    ReferenceSafetyInformation,
    build_reference_safety_information,
    load_reference_safety_information,
)

DATA = files("safety.expectedness") / "data"
EU = (DATA / "eu-smpc.toml").read_text(encoding="utf-8")
CH = (DATA / "ch-fachinformation.toml").read_text(encoding="utf-8")

# Regulatory facts 4.2: the entries of each band, counted cell by cell as the table separates them.
# Haemorrhage counts four (itself and the three sites), since the sites alone carry the asterisk.
BANDS = {
    # infection; lymphopenia; anorexia, hypophosphataemia; haemorrhage x4, hypertension; diarrhoea,
    # nausea, vomiting, constipation; dry skin, rash, alopecia, HFSR, erythema, pruritus;
    # arthralgia; fatigue, pain, fever; weight, amylase, lipase
    "very common": 1 + 1 + 2 + 5 + 4 + 6 + 1 + 3 + 3,
    # folliculitis; four counts; hypothyroidism; Ca, K, Na, glucose; depression; neuropathy,
    # dysgeusia; tinnitus; heart failure, ischaemia; flushing; rhinorrhoea, dysphonia; stomatitis,
    # dyspepsia, dysphagia, reflux; five of the skin; myalgia, spasms; renal failure, proteinuria;
    # erectile dysfunction; asthenia, influenza-like, mucosal; transaminases
    "common": 1 + 4 + 1 + 4 + 1 + 2 + 1 + 2 + 1 + 2 + 4 + 5 + 2 + 2 + 1 + 3 + 1,
    # two of immunity; hyperthyroidism; dehydration; PRES; crisis; lung; pancreatitis, gastritis,
    # perforation; bilirubin, cholecystitis, cholangitis; eczema, erythema multiforme;
    # gynaecomastia; alkaline phosphatase, INR with prothrombin
    "uncommon": 2 + 1 + 1 + 1 + 1 + 1 + 3 + 3 + 2 + 1 + 2,
    # angioedema; QT; hepatitis; four of the skin; rhabdomyolysis; nephrotic syndrome
    "rare": 1 + 1 + 1 + 4 + 1 + 1,
    # tumour lysis; encephalopathy; aneurysms with dissections
    "not known": 3,
    # warnings of 4.4 without a band: wound healing, lung cancer, embryo-fetal, TSH
    "none": 4,
}


def build(text: str, *, file: str = "eu-smpc.toml") -> ReferenceSafetyInformation:
    return build_reference_safety_information(
        file, {"eu-smpc.toml": EU, file: text}, load_dictionary()
    )


def _earlier_row(last_day: str) -> str:
    """Write a row like the Swiss one of thrombotic microangiopathy, in force before it."""
    start = CH.index('[[row]]\nid = "thrombotic-microangiopathy"')
    row = CH[start : CH.index('[[row]]\nid = "angioedema"')]
    row = row.replace('"thrombotic-microangiopathy"', '"earlier"')
    return row.replace("valid_from = 2006-12-31", f"valid_from = 2006-01-01\nvalid_to = {last_day}")


class TestLoadReferenceSafetyInformation:
    @pytest.mark.parametrize("band", sorted(BANDS))
    def test_every_entry_of_a_band_has_its_row(self, band: str) -> None:
        rows = load_reference_safety_information("EU").rows

        assert sum(row.frequency == band for row in rows) == BANDS[band]

    def test_only_the_asterisks_of_the_label_list_a_fatal_outcome(self) -> None:
        # regulatory facts 4.2: every `*`; haemorrhage has it at its three sites
        rows = load_reference_safety_information("EU").rows

        assert {row.id for row in rows if row.fatal == "listed"} == {
            "posterior-leukoencephalopathy",
            "heart-failure",
            "myocardial-ischaemia",
            "haemorrhage-gastrointestinal",
            "haemorrhage-respiratory",
            "haemorrhage-cerebral",
            "hypertensive-crisis",
            "interstitial-lung-disease",
            "gi-perforation",
            "drug-induced-hepatitis",
            "toxic-epidermal-necrolysis",
        }

    @pytest.mark.parametrize("region", ["EU", "US", "CH", "CN"])
    def test_every_region_loads_once_with_a_digest_of_its_own(self, region: str) -> None:
        rsi = load_reference_safety_information(region)

        assert rsi is load_reference_safety_information(region)
        assert rsi.region == region
        assert len(rsi.digest) == 64

    def test_an_unknown_region_is_refused(self) -> None:
        with pytest.raises(KnowledgeError, match="for JP"):
            load_reference_safety_information("JP")

    def test_rows_taken_over_carry_the_evidence_of_the_taking(self) -> None:
        rows = {row.id: row for row in load_reference_safety_information("US").rows}

        assert {tag for _, tag in rows["diarrhoea"].evidence} == {"M-low"}
        assert dict(rows["hepatic-dysfunction"].evidence)["terms"] == "M-high"

    def test_a_row_of_the_region_replaces_the_one_it_is_named_after(self) -> None:
        rows = [
            row for row in load_reference_safety_information("CH").rows if row.id == "angioedema"
        ]

        assert [row.frequency for row in rows] == ["not known"]


class TestBuildReferenceSafetyInformation:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('terms = ["Diarrhea"]', 'terms = ["Diarrhhea"]', "row diarrhoea: .*no term"),
            ('terms = ["Diarrhea"]', 'terms = ["Nausea"]', "row nausea: 'Nausea' also stands"),
            ('terms = ["Diarrhea"]', "terms = []", r"row \d+ \(diarrhoea\): it names no term"),
            ('frequency = "rare"', 'frequency = "seldom"', r"\(angioedema\): frequency must be"),
            ('basis = "warning"', 'basis = "rumour"', r"\(impaired-wound-healing\): basis must be"),
            (
                'fatal = "listed"',
                'fatal = "perhaps"',
                "fatal must be one of listed, not_listed, ask",
            ),
            ('above_max_grade = "ask"', 'above_max_grade = "x"', "above_max_grade must be"),
            ('severity = "M-low"', 'severity = "sure"', "evidence is not one of"),
            ('soc = "Cardiac disorders"', 'soc = "Hearts"', "no such class"),
            (
                "valid_from = 2019-10-04\nevidence = {",
                "valid_to = 2019-10-04\nevidence = {",
                "missing",
            ),
            ('id = "2022-10"\nvalid_from = 2022', 'id = "2022-10"\nvalid_from = 2012', "in order"),
            ('terms = ["Ascites"', 'terms = ["Ascitess"', "no term 'Ascitess'"),
            ('label_id = "EU', "label_id = EU", "not readable as TOML"),
        ],
    )
    def test_a_faulty_file_is_refused_with_file_and_row(
        self, old: str, new: str, fault: str
    ) -> None:
        assert old in EU

        with pytest.raises(KnowledgeError, match=rf"(?s)eu-smpc\.toml.*{fault}"):
            build(EU.replace(old, new, 1))

    def test_a_row_that_ends_before_it_begins_is_refused(self) -> None:
        dates = "valid_from = 2019-10-04\nevidence = {"

        with pytest.raises(KnowledgeError, match=r"\(aneurysm\): it ends before it begins"):
            build(EU.replace(dates, f"valid_to = 2018-01-01\n{dates}"))

    def test_a_row_holds_until_its_last_day_and_not_today(self) -> None:
        dates = "valid_from = 2019-10-04\nevidence = {"
        rsi = build(EU.replace(dates, f"valid_to = 2020-06-30\n{dates}"))

        assert rsi.find("Aneurysm", date(2019, 10, 3)) is None
        assert rsi.find("Aneurysm", date(2019, 10, 4)) is not None
        assert rsi.find("Aneurysm", date(2020, 6, 30)) is not None
        assert rsi.find("Aneurysm", date(2020, 7, 1)) is None
        assert rsi.find("Aneurysm", None) is None

    def test_two_rows_may_not_name_a_term_on_one_day(self) -> None:
        earlier = _earlier_row(last_day="2006-12-31")

        with pytest.raises(KnowledgeError, match="'Thrombotic microangiopathy' also stands in row"):
            build(CH + "\n" + earlier, file="ch-fachinformation.toml")

    def test_a_term_may_move_from_one_row_to_the_next_in_time(self) -> None:
        earlier = _earlier_row(last_day="2006-12-30")

        rsi = build(CH + "\n" + earlier, file="ch-fachinformation.toml")

        assert len(rsi.listings["thromboticmicroangiopathy"]) == 2
