"""
Load rulebooks from their TOML files and refuse what cannot be law.

Checked: unknown fields, fields of the wrong kind, duplicate ids, dates in the wrong
order, a row that overlaps its own other edition, a hole in time between editions, a
row that can never decide, and an evidence tag on every row.
"""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from safety.errors import KnowledgeError
from safety.rulebooks import kinds
from safety.rulebooks.check import find_rule_faults
from safety.rulebooks.kinds import check_fields
from safety.rulebooks.model import Clock, Criteria, OtherDuty, Related, Rule, Rulebook

EVIDENCE = frozenset({"V", "V2", "M-high", "M-med", "M-low"})
CONTEXTS = frozenset(
    {"trial", "spontaneous", "nis_primary", "nis_secondary", "literature", "compassionate"}
)
ORIGINS = frozenset({"domestic", "foreign", "eu", "any"})

DOWNGRADES = frozenset({"serious", "new"})
_COUNTRY = re.compile("[A-Z]{2}")
_NEEDED = ("name", "version", "home", "label", "rule")


def load_rulebooks(names: tuple[str, ...] = ()) -> tuple[Rulebook, ...]:
    """
    Load the rulebooks that ship with the product, in the order of their names.

    Raises:
        KnowledgeError: A file is faulty; the message names file and row.
    """
    folder = files("safety.rulebooks")
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")),
        key=lambda entry: entry.name,
    )
    books = tuple(parse_rulebook(entry.read_bytes(), entry.name) for entry in found)
    return tuple(book for book in books if not names or book.name in names)


def parse_rulebook(content: bytes, file: str) -> Rulebook:
    """Read one rulebook; `file` is only for the error text."""
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(f"{file}: not readable as TOML ({error})") from None
    check_fields(raw, kinds.HEAD, file)
    if missing := [name for name in _NEEDED if not raw.get(name)]:
        raise KnowledgeError(f"{file}: the field {missing[0]!r} is missing or empty")
    _check_head(raw, file)
    authority = raw["name"]
    rules = tuple(_rule(row, authority, file) for row in raw["rule"])
    _check_rows(rules, file)
    others = tuple(_other(row, authority, file) for row in raw.get("other_duty", ()))
    _check_others(rules, others, file)
    return Rulebook(
        name=authority,
        version=raw["version"],
        home=frozenset(raw["home"]),
        label=raw["label"],
        rules=rules,
        digest=hashlib.sha256(content).hexdigest(),
        downgrade_days=raw.get("downgrade_days", "serious"),
        sponsor_or_any=raw.get("sponsor_or_any", False),
        others=others,
    )


def _rule(row: Mapping[str, Any], authority: str, file: str) -> Rule:
    where = f"{file}, rule {row.get('id', '(without id)')}"
    check_fields(row, kinds.RULE, where)
    try:
        rule = Rule(
            rule_id=row["id"],
            authority=authority,
            contexts=frozenset(row["contexts"]),
            origin=row.get("origin", "any"),
            related=Related(row["related"]),
            criteria=_criteria({name: row[name] for name in kinds.CRITERIA if name in row}, where),
            any_of=tuple(_criteria(one, where) for one in row.get("any_of", ())),
            only_when_it_became=row.get("only_when_it_became", False),
            days=row["days"],
            clock=Clock(row["clock"]),
            recipients=tuple(row["recipients"]),
            provision=row["provision"],
            evidence=row["evidence"],
            followup_days=row["followup_days"],
            followup_note=row.get("followup_note", ""),
            complete_after_days=row.get("complete_after_days"),
            complete_from_sending=row.get("complete_from_sending", False),
            investigation_days=row.get("investigation_days"),
            hard_stop_days=row.get("hard_stop_days"),
            valid_from=row.get("valid_from", date.min),
            valid_to=row.get("valid_to", date.max),
            note=row.get("note", ""),
        )
    except KeyError as error:
        raise KnowledgeError(f"{where}: the field {error} is missing") from None
    except ValueError as error:
        raise KnowledgeError(f"{where}: {error}") from None
    _check_row(rule, where)
    return rule


def _other(row: Mapping[str, Any], authority: str, file: str) -> OtherDuty:
    where = f"{file}, other duty {row.get('id', '(without id)')}"
    check_fields(row, kinds.OTHER_DUTY, where)
    if missing := sorted(kinds.OTHER_DUTY.keys() - {"valid_from", "valid_to"} - set(row)):
        raise KnowledgeError(f"{where}: the field {missing[0]!r} is missing")
    if row["evidence"] not in EVIDENCE:
        raise KnowledgeError(f"{where}: the evidence tag must be one of {sorted(EVIDENCE)}")
    told = {name: row[name] for name in row if name != "id"}
    return OtherDuty(duty_id=row["id"], authority=authority, **told)


def _check_others(rules: tuple[Rule, ...], others: tuple[OtherDuty, ...], file: str) -> None:
    ids = Counter([*(rule.rule_id for rule in rules), *(other.duty_id for other in others)])
    for name, count in ids.items():
        if count > 1:
            raise KnowledgeError(f"{file}: two rows have the id {name}")


def _criteria(raw: Mapping[str, bool], where: str) -> Criteria:
    check_fields(raw, kinds.CRITERIA, where)
    return Criteria(
        serious=raw.get("serious"),
        unexpected=raw.get("unexpected"),
        fatal=raw.get("fatal"),
        fatal_or_life_threatening=raw.get("fatal_or_lt"),
    )


def _check_head(raw: Mapping[str, Any], file: str) -> None:
    if wrong := [home for home in raw["home"] if not _COUNTRY.fullmatch(home)]:
        raise KnowledgeError(f"{file}: home: {wrong[0]!r} is no country code such as CN")
    if raw.get("downgrade_days", "serious") not in DOWNGRADES:
        raise KnowledgeError(f"{file}: downgrade_days must be one of {sorted(DOWNGRADES)}")


def _check_row(rule: Rule, where: str) -> None:
    if rule.evidence not in EVIDENCE:
        raise KnowledgeError(f"{where}: the evidence tag must be one of {sorted(EVIDENCE)}")
    if not rule.contexts or rule.contexts - CONTEXTS:
        raise KnowledgeError(f"{where}: contexts must be among {sorted(CONTEXTS)}")
    if rule.origin not in ORIGINS:
        raise KnowledgeError(f"{where}: origin must be one of {sorted(ORIGINS)}")
    if rule.valid_from > rule.valid_to:
        raise KnowledgeError(f"{where}: valid_from is after valid_to")
    if not rule.recipients or not rule.provision:
        raise KnowledgeError(f"{where}: a rule names its recipients and its provision")


def _check_rows(rules: tuple[Rule, ...], file: str) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.rule_id in seen:
            raise KnowledgeError(f"{file}: two rows have the id {rule.rule_id}")
        seen[rule.rule_id] = rule
    for one in rules:
        for other in rules:
            if one.rule_id < other.rule_id and _same_duty(one, other):
                raise KnowledgeError(
                    f"{file}: rows {one.rule_id} and {other.rule_id} decide the same thing at the"
                    " same time; end one the day before the other begins"
                )
    for fault in find_rule_faults(rules):
        raise KnowledgeError(f"{file}: {fault}")


def _same_duty(one: Rule, other: Rule) -> bool:
    return (
        bool(one.contexts & other.contexts)
        and one.valid_from <= other.valid_to
        and other.valid_from <= one.valid_to
        and (one.origin, one.related, one.criteria, one.any_of, one.only_when_it_became)
        == (other.origin, other.related, other.criteria, other.any_of, other.only_when_it_became)
        and one.recipients == other.recipients
    )
