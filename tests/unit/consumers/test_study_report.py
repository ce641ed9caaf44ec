"""
Studies of every make, from their files to the tables, against counts made by another way.

The counts are made here with pandas from the frames that the files are written from; nothing of
the product takes part in them.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import pytest

from consumers.cdisc import Receipt, Standard, import_folder
from consumers.study_report import load_study
from reports.study.build import Choices, build_tables
from reports.tables import table_faults, tables_content
from safety.store import SqlStore, migrate, open_store
from tests.support.decisions import knowledge
from tests.support.transport import transport_file

STUDY = "ODD-01"
START = date(2019, 3, 1)
CLASSES = {
    "Gastrointestinal disorders": ("Diarrhoea", "Nausea", "Vomiting"),
    "Skin and subcutaneous tissue disorders": ("Rash", "Pruritus"),
    "Vascular disorders": ("Hypertension",),
    "Investigations": ("Alanine aminotransferase increased", "Blood bilirubin increased"),
}
RELATED = {"RELATED": True, "NOT RELATED": False, "POSSIBLE": True, "UNLIKELY": False, "": True}
ACTIONS = ("DRUG WITHDRAWN", "DOSE REDUCED", "DRUG INTERRUPTED", "DOSE NOT CHANGED", "")


def _csv(frame: pd.DataFrame, folder: Path, name: str) -> None:
    frame.to_csv(folder / f"{name}.csv", index=False)


@dataclass
class Made:
    """
    A study as frames, and how its files are written.

    Attributes:
        subjects: ADSL, or what DM and EX are made from.
        events: ADAE, or what AE and SUPPAE are made from.
        duplicates: Rows of events that stand in the file a second time.
        without: Datasets that are not there.
    """

    subjects: pd.DataFrame
    events: pd.DataFrame
    standard: Standard = Standard.ADAM
    write: Callable[[pd.DataFrame, Path, str], None] = _csv
    duplicates: int = 0
    without: frozenset[str] = frozenset()

    def files(self) -> dict[str, pd.DataFrame]:
        """The datasets by name."""
        events = pd.concat([self.events, self.events.head(self.duplicates)])
        made = (
            {"adsl": self.subjects, "adae": events}
            if self.standard is Standard.ADAM
            else _as_sdtm(self.subjects, events)
        )
        return {name: frame for name, frame in made.items() if name not in self.without}

    def counted(self) -> pd.DataFrame:
        """The events that count: emergent, of the safety population, with the arm."""
        held = self.subjects[self.subjects["SAFFL"] == "Y"][["USUBJID", "TRT01A"]]
        flagged = self.events[self.events["TRTEMFL"] == "Y"]
        return flagged.merge(held, on="USUBJID").rename(columns={"TRT01A": "arm"})


def make(
    *,
    arms: tuple[str, ...] = ("Drug", "Placebo"),
    subjects: int = 20,
    most_events: int = 6,
    classes: Mapping[str, tuple[str, ...]] = CLASSES,
    graded: bool = True,
    seed: int = 7,
) -> Made:
    """Make a study by chance, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    people, events = [], []
    for number in range(1, subjects + 1):
        name, arm = f"{STUDY}-{number:03d}", dice.choice(arms)
        first = START + timedelta(days=dice.randrange(60))
        last = first + timedelta(days=dice.randrange(5, 200))
        treated = number == 1 or dice.random() > 0.1
        people.append(
            {
                "STUDYID": STUDY,
                "USUBJID": name,
                "SUBJID": f"{number:03d}",
                "AGE": str(dice.randrange(20, 90)),
                "AGEU": "YEARS",
                "SEX": dice.choice("MF"),
                "SAFFL": "Y" if treated else "N",
                "TRT01P": arm,
                "TRT01A": arm,
                "TRT01AN": str(arms.index(arm) + 1),
                "TRTSDT": first.isoformat() if treated else "",
                "TRTEDT": last.isoformat() if treated else "",
            }
        )
        for sequence in range(1, dice.randrange(most_events + 1) + 1):
            soc = dice.choice(list(classes))
            onset = first + timedelta(days=dice.randrange(-10, 60))
            emergent = treated and onset >= first
            events.append(
                {
                    "STUDYID": STUDY,
                    "USUBJID": name,
                    "AESEQ": str(sequence),
                    "AETERM": f"as told {sequence}",
                    "AEDECOD": dice.choice(classes[soc]),
                    "AEBODSYS": soc,
                    "AESER": dice.choice(("Y", "N", "N", "N")),
                    "AEREL": dice.choice(list(RELATED)),
                    "AEACN": dice.choice(ACTIONS),
                    "AESTDTC": onset.isoformat(),
                    "ASTDT": onset.isoformat(),
                    "TRTEMFL": "Y" if emergent else "",
                    **(
                        {"AETOXGR": dice.choice(("1", "2", "3", "4", "5", ""))}
                        if graded
                        else {"AESEV": dice.choice(("MILD", "MODERATE", "SEVERE", ""))}
                    ),
                }
            )
    return Made(pd.DataFrame(people), pd.DataFrame(events))


def _as_sdtm(subjects: pd.DataFrame, events: pd.DataFrame) -> dict[str, pd.DataFrame]:
    treated = subjects[subjects["SAFFL"] == "Y"]
    dm = subjects.rename(columns={"TRT01A": "ACTARM", "TRT01P": "ARM", "TRTSDT": "RFSTDTC"})
    ex = treated[["STUDYID", "USUBJID"]].assign(
        EXSEQ="1",
        EXTRT=treated["TRT01A"],
        EXDOSE="400",
        EXDOSU="mg",
        EXDOSFRQ="BID",
        EXSTDTC=treated["TRTSDT"],
        EXENDTC=treated["TRTEDT"],
    )
    supplement = events[["STUDYID", "USUBJID"]].assign(
        RDOMAIN="AE",
        IDVAR="AESEQ",
        IDVARVAL=events["AESEQ"],
        QNAM="AETRTEM",
        QVAL=events["TRTEMFL"].replace("", "N"),
    )
    return {
        "dm": dm.drop(columns=["SAFFL", "TRTEDT", "TRT01AN"]),
        "ex": ex,
        "ae": events.drop(columns=["TRTEMFL", "ASTDT"]),
        "suppae": supplement,
    }


def _odd_csv(frame: pd.DataFrame, folder: Path, name: str) -> None:
    """Lower-case names, semicolons, a byte order mark, and columns that nobody knows."""
    odd = frame.rename(columns=str.lower).assign(zzvar="?", **{"any thing": "ä"})
    odd.to_csv(folder / f"Study 1.{name.upper()}.csv", sep=";", index=False, encoding="utf-8-sig")


def _transport(frame: pd.DataFrame, folder: Path, name: str) -> None:
    """Transport files with SAS dates, days since 1960, as SAS writes them."""
    rows = [
        {str(column): _sas(column, cell) for column, cell in row.items()}
        for row in frame.to_dict("records")
    ]
    (folder / f"{name}.xpt").write_bytes(transport_file(name.upper(), rows))


def _sas(column: Any, cell: Any) -> Any:
    if column in {"ASTDT", "TRTSDT", "TRTEDT"}:
        return float((date.fromisoformat(cell) - date(1960, 1, 1)).days) if cell else None
    return float(cell) if column in {"AESEQ", "TRT01AN", "AGE"} and cell else cell


def without_dates(made: Made) -> Made:
    return replace(
        made,
        subjects=made.subjects.drop(columns=["TRTSDT", "TRTEDT"]),
        events=made.events.drop(columns=["ASTDT", "AESTDTC"]),
    )


def blinded(made: Made) -> Made:
    subjects = made.subjects.assign(TRT01P="", TRT01A="No arm recorded", TRT01AN="")
    return replace(
        made,
        subjects=subjects,
        write=lambda frame, folder, name: _csv(frame.replace("No arm recorded", ""), folder, name),
    )


def with_partial_dates(made: Made) -> Made:
    """
    Cut onsets short in every way, and leave it to the dates which events are emergent.

    The flag is kept in the frame as it is to be found: of a treated subject, from the first dose
    to 30 days after the last; what the cut date leaves open counts.
    """
    people = {str(row["USUBJID"]): row for row in made.subjects.to_dict("records")}
    rows = []
    for place, row in enumerate(made.events.to_dict("records")):
        person, told = people[row["USUBJID"]], row["AESTDTC"][: (10, 7, 4, 0)[place % 4]]
        first, last = (told + end[len(told) :] for end in ("0000-01-01", "9999-12-31"))
        emergent = False
        if person["SAFFL"] == "Y":
            until = date.fromisoformat(person["TRTEDT"]) + timedelta(days=30)
            emergent = last >= person["TRTSDT"] and first <= until.isoformat()
        rows.append({**row, "AESTDTC": told, "TRTEMFL": "Y" if emergent else ""})
    events = pd.DataFrame(rows)
    return replace(made, events=events, standard=Standard.SDTM, without=made.without | {"suppae"})


def with_strays(made: Made) -> Made:
    stray = made.events.head(3).assign(USUBJID="ODD-01-999", AESEQ=["1", "2", "3"])
    return replace(made, events=pd.concat([made.events, stray], ignore_index=True))


STUDIES: dict[str, Callable[[], Made]] = {
    "five arms": lambda: make(arms=("E", "D", "C", "B: two", "A, one"), subjects=45),
    "one arm": lambda: make(arms=("Sorafenib",)),
    "one subject": lambda: make(arms=("Sorafenib",), subjects=1, most_events=9, seed=3),
    "transport files with SAS dates": lambda: replace(make(), write=_transport),
    "odd CSV": lambda: replace(make(), write=_odd_csv),
    "SDTM": lambda: replace(make(), standard=Standard.SDTM),
    "SDTM in transport files": lambda: replace(
        make(seed=9), standard=Standard.SDTM, write=_transport
    ),
    "SDTM without doses": lambda: replace(
        make(), standard=Standard.SDTM, without=frozenset({"ex"})
    ),
    "SDTM without flags, with partial dates": lambda: with_partial_dates(make(seed=11)),
    "severities, no grades": lambda: make(graded=False),
    "no dates": lambda: without_dates(make()),
    "blinded": lambda: blinded(make()),
    "duplicated rows": lambda: replace(make(), duplicates=9),
    "events without subjects": lambda: with_strays(make()),
    "many subjects without events": lambda: make(subjects=60, most_events=1),
    "sixty classes": lambda: make(
        classes={f"class {n:02d}": (f"term {n} a", f"term {n} b") for n in range(60)},
        subjects=60,
        most_events=8,
    ),
    "a term of 500 characters": lambda: make(classes={"c" * 200: ("t" * 500, "皮疹" * 250)}),
    "an arm called total": lambda: make(arms=("total", "Total", "Placebo")),
}


@dataclass(frozen=True)
class Both:
    made: Made
    tables: dict[str, Any]

    def arm_of(self, table: str) -> dict[str, str]:
        """The arm of each column, by its label; the total left out."""
        columns = self.tables[table]["columns"]
        several = len({column.get("group") or column["label"] for column in columns}) > 1
        return {
            column["id"]: column.get("group") or column["label"]
            for column in (columns[:-1] if several and "group" not in columns[0] else columns)
        }

    def reported(self, table: str, level: str) -> dict[tuple[str, ...], tuple[int, int]]:
        arms = self.arm_of(table)
        return {
            (arms[column], *row["within"], *([] if level == "overall" else [row["label"]])): (
                cell["n"],
                cell["events"],
            )
            for row in self.tables[table]["rows"]
            if row["level"] == level
            for column, cell in row["cells"].items()
            if column in arms and cell["n"]
        }


@pytest.fixture(scope="module", params=STUDIES)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    made, work = STUDIES[request.param](), tmp_path_factory.mktemp("odd")
    for name, frame in made.files().items():
        made.write(frame, work, name)
    url = f"sqlite:///{work / 'study.db'}"
    migrate(url)
    store = open_store(url)
    import_folder(
        work, made.standard, store, knowledge(), Receipt(datetime(2026, 4, 1, tzinfo=UTC))
    )
    yield Both(made, _tables(store))
    store.close()


def _tables(store: SqlStore) -> dict[str, Any]:
    data = load_study(store, knowledge(), STUDY)
    made = [table for _, several in build_tables(data, Choices()) for table in several]
    for table in made:
        assert not list(table_faults(table)), table.table_id
    told = orjson.loads(orjson.dumps(tables_content(made)))
    return {table["id"]: table for table in told["tables"]}


WHICH: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "T2": lambda events: events["USUBJID"] != "",
    "T4": lambda events: events["AEREL"].map(RELATED).astype(bool),
    "T6": lambda events: events["AESER"] == "Y",
    "T7": lambda events: (events["AESER"] == "Y") & events["AEREL"].map(RELATED).astype(bool),
    "T8": lambda events: events["AEACN"] == "DRUG WITHDRAWN",
    "T9": lambda events: events["AEACN"].isin(["DOSE REDUCED", "DRUG INTERRUPTED"]),
}


def counts(events: pd.DataFrame, *by: str) -> dict[tuple[str, ...], tuple[int, int]]:
    """Subjects and events of each group that has any."""
    found = events.groupby(["arm", *by])["USUBJID"].agg(["nunique", "size"])
    return {
        key if isinstance(key, tuple) else (key,): (int(n), int(size))
        for key, (n, size) in zip(found.index, found.to_numpy(), strict=True)
    }


class TestTables:
    def test_have_a_column_an_arm_with_its_subjects(self, both: Both) -> None:
        safe = both.made.subjects[both.made.subjects["SAFFL"] == "Y"]
        arms = both.arm_of("T2")

        told = {arms[c["id"]]: c["N"] for c in both.tables["T2"]["columns"] if c["id"] in arms}
        assert told == safe.groupby("TRT01A").size().to_dict()

    def test_by_class_and_term_agree(self, both: Both) -> None:
        events = both.made.counted()

        for table, which in WHICH.items():
            asked = events[which(events)]
            assert both.reported(table, "overall") == counts(asked), table
            assert both.reported(table, "soc") == counts(asked, "AEBODSYS"), table
            assert both.reported(table, "pt") == counts(asked, "AEBODSYS", "AEDECOD"), table

    def test_by_worst_grade_agree(self, both: Both) -> None:
        events = both.made.counted()
        graded = "AETOXGR" in events
        steps = {"": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
        if not graded:
            steps = {"": 0, "MILD": 1, "MODERATE": 2, "SEVERE": 3}
        worst = (
            events.assign(step=events["AETOXGR" if graded else "AESEV"].map(steps))
            .groupby(["arm", "AEBODSYS", "AEDECOD", "USUBJID"])["step"]
            .max()
            .reset_index()
        )
        expected = worst.groupby(["arm", "AEBODSYS", "AEDECOD", "step"]).size().to_dict()

        table = both.tables["T3" if graded else "T3S"]
        names = {0: "Missing", 1: "Grade 1", 2: "Grade 2", 3: "Grade 3", 4: "Grade 4", 5: "Grade 5"}
        if not graded:
            names = {0: "Missing", 1: "Mild", 2: "Moderate", 3: "Severe"}
        place = {label: step for step, label in names.items()}
        several = len({column["group"] for column in table["columns"]}) > 1
        last = table["columns"][-1]["id"].rsplit("|", 1)[0]
        told = {
            (column["group"], row["within"][0], row["label"], place[column["label"]]): cell["n"]
            for row in table["rows"]
            if row["level"] == "pt"
            for column in table["columns"]
            if column["label"] in place
            and not (several and column["id"].rsplit("|", 1)[0] == last)
            and (cell := row["cells"][column["id"]])["n"]
        }
        assert told == expected

    def test_percentages_are_of_the_column_to_one_decimal(self, both: Both) -> None:
        sizes = {c["id"]: c["N"] for c in both.tables["T2"]["columns"]}

        for row in both.tables["T2"]["rows"]:
            for column, cell in row["cells"].items():
                exact = 1000 * cell["n"] / sizes[column]
                assert abs(cell["percent"] * 10 - exact) <= 0.5 + 1e-9, row["label"]
