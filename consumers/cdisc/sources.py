"""
Which datasets of a standard does a folder hold, and which of its files are none of them?

A dataset is known by the name of its file without regard to case: `ae.csv`, `AE.XPT`,
`sdtm_ae.csv`, `syn_adae.csv`. What stands before the last mark of punctuation is the sponsor's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from consumers.input_files import InputFileError

SUFFIXES = (".csv", ".xpt")


class Standard(StrEnum):
    """Which of the two CDISC standards the datasets follow."""

    SDTM = "sdtm"
    ADAM = "adam"


# Every dataset we read, with the one that names the subjects first.
DATASETS: Mapping[Standard, tuple[str, ...]] = {
    Standard.SDTM: (*("DM", "SUPPDM", "EX", "MH", "VS", "SUPPAE", "AE", "DS", "CM", "PR", "LB"),),
    Standard.ADAM: ("ADSL", "ADMH", "ADEX", "ADAE", "ADCM", "ADTTE", "ADLB"),
}
EVENTS: Mapping[Standard, str] = {Standard.SDTM: "AE", Standard.ADAM: "ADAE"}
SUBJECTS: Mapping[Standard, str] = {Standard.SDTM: "DM", Standard.ADAM: "ADSL"}


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a folder: those that are datasets of the standard, and the names of others."""

    datasets: Mapping[str, Path]
    others: tuple[str, ...]


def find_datasets(folder: Path, standard: Standard) -> Found:
    """
    Find the datasets of a folder; folders below it are not looked into.

    Raises:
        InputFileError: It is no folder, holds two files of one dataset, or neither subjects nor
            events.
    """
    if not folder.is_dir():
        raise InputFileError(f"{folder} is not a folder; name the one with the datasets")
    known = DATASETS[standard]
    datasets: dict[str, Path] = {}
    others: list[str] = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith("."):
            continue
        name = re.split(r"[^A-Z0-9]+", path.stem.upper())[-1]
        if path.suffix.lower() not in SUFFIXES or name not in known:
            others.append(path.name)
        elif name in datasets:
            raise InputFileError(
                f"{folder} holds two files of the dataset {name}, {datasets[name].name} and"
                f" {path.name}; keep one of them there"
            )
        else:
            datasets[name] = path
    if SUBJECTS[standard] not in datasets and EVENTS[standard] not in datasets:
        raise InputFileError(
            f"{folder} holds neither {SUBJECTS[standard]} nor {EVENTS[standard]} of"
            f" {standard.upper()} as {' or '.join(SUFFIXES)}; name another folder, or the other"
            " standard"
        )
    return Found(datasets, tuple(others))
