"""
From the stored history of a case to its narrative.

Templates write the sentences, one template a part, all words of a language in
its folder; a folder inside it named after what the report is about (`en/death`,
`en/liver`) or where it comes from (`en/study`, `en/spontaneous`, `en/literature`)
takes precedence. What no source said but follows from the facts is derived before,
under a name of its own, so that it is a source like any fact.

Pure: the same steps give the same narrative. A template that asks for a fact
which is not there stops the document.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from jinja2 import TemplateError, TemplatesNotFound

from reports.narrative.model import (
    PARTS,
    Narrative,
    Part,
    SubjectContext,
    UnresolvedPlaceholderError,
)
from reports.narrative.templates.clinical import derive_clinical, derive_computed_grades
from reports.narrative.templates.derived import derive_facts
from reports.narrative.templates.liver import derive_liver
from reports.narrative.templates.scribe import Scribe, open_templates, template_version
from reports.narrative.templates.topics import derive_topics
from reports.narrative.templates.view import View, Views, alike, by_date
from safety.case import OWNER, CaseState, Entry, Fact, Value
from safety.clinical import ClinicalAssessment
from safety.deadlines import AssessedStep
from schemas.countries import COUNTRIES
from schemas.countries_chinese import COUNTRIES_CHINESE

_BEFORE_WORDS = PARTS.index("event") + 1  # the source's own words follow the event
_SINGLE = ("case", "patient", "parent", "study", "sender", "workflow")


def build_narrative(  # noqa: PLR0913  (the case, and what may be told beside it)
    case_id: str,
    version: int,
    steps: Sequence[AssessedStep],
    language: str = "en",
    *,
    subject_context: SubjectContext | None = None,
    clinical: ClinicalAssessment | None = None,
    include_source_narrative: bool = True,
    knowledge: str = "",
    label_regions: Collection[str] = (),
    term_names: Mapping[str, str] | None = None,
    since: tuple[int, CaseState] | None = None,
) -> Narrative:
    """
    Write the narrative of a case as its history stands.

    Args:
        case_id: The case.

        version: The version that these steps gave.

        steps: Its whole history in the order of the reports, at least one.

        language: Folder of the templates to write with.

        subject_context: What the study recorded of the subject beside the event.

        clinical: What supports the reviewer: of it, what follows from doses, dates and tests is
            told. None tells nothing of it.

        include_source_narrative: Quote the source's own free text in full.

        knowledge: Digest of the knowledge the assessments were made with.

        label_regions: Regions whose labels count at the case's destinations; the others are left
            out unless a person decided on them. Empty tells all.

        term_names: Terms of the dictionary by their names in the language of the narrative.

        since: An earlier version and the case as it stood then, to list what changed since.

    Raises:
        UnresolvedPlaceholderError: If a template asks for what the case does not have, or the
            language has no templates.
    """
    last = steps[-1]
    topics = tuple(derive_topics(last))
    derived = derive_facts(steps, subject_context or SubjectContext(), label_regions, term_names)
    derive_computed_grades(derived, last.state, last.assessment)
    if clinical is not None:
        derive_clinical(derived, last.state, clinical)
    if "liver" in topics:
        derive_liver(derived, last.state)
    scribe = Scribe(last.state, derived.because, language)
    case = Views(last.state, CaseState(derived.entities), scribe)
    desk = _Desk(case_id, language, topics, case, scribe)
    told = [desk.write(name) for name in PARTS[:_BEFORE_WORDS]]
    words = desk.write("source_words") if include_source_narrative else None
    told += [desk.write(name) for name in PARTS[_BEFORE_WORDS:-1]]
    follow_ups = [
        desk.write("follow_up", report=case.view(f"report/{place + 1}"), changes=changes)
        for place, changes in _follow_ups(steps, case)
    ]
    comment = desk.write("comment")
    changes = (
        None
        if since is None
        else desk.write(
            "changes", since=since[0], changes=tuple(_changes(since[1], last.state, case, since[0]))
        )
    )
    return Narrative(
        case_id=case_id,
        version=version,
        language=language,
        parts=(*told, comment),
        source_words=words if words is not None and words.sentences else None,
        follow_ups=tuple(part for part in follow_ups if part.sentences),
        template_version=template_version(language),
        knowledge=knowledge,
        topics=topics,
        changes=changes if changes is not None and changes.sentences else None,
        derived=dict(scribe.used),
    )


class _Desk:
    """Writes the parts of one narrative, one after the other."""

    def __init__(
        self, case_id: str, language: str, topics: tuple[str, ...], case: Views, scribe: Scribe
    ) -> None:
        self._case_id = case_id
        self._folders = (*(f"{language}/{topic}" for topic in topics), language)
        self._scribe = scribe
        entities = ("case", "patient", "parent", "study", "assessment", "nullification", "subject")
        self._context: dict[str, Any] = {
            **{name: case.view(name) for name in entities},
            "reactions": by_date(case.reactions, "onset"),
            "drugs": case.drugs,
            "view": case.view,
            "views": case.views,
            "pairs": case.pairs,
            "alike": alike,
            "by_date": by_date,
            "countries": COUNTRIES_CHINESE if language == "zh" else COUNTRIES,
            "none_of": scribe.note_none_of,
            "in_plain": scribe.in_plain,
            "is_first_use": scribe.is_first_use,
            "write_sentence": scribe.write_sentence,
        }

    def write(self, name: str, **more: Any) -> Part:  # noqa: ANN401  (what a template is given)
        """Write one part."""
        try:
            template = open_templates().select_template([f"{d}/{name}.j2" for d in self._folders])
        except TemplatesNotFound:
            raise UnresolvedPlaceholderError(
                f"narrative of {self._case_id}: no template {self._folders[-1]}/{name}.j2; "
                "choose a language that has templates"
            ) from None
        try:
            module = template.make_module({**self._context, **more})
        except TemplateError as error:
            raise UnresolvedPlaceholderError(
                f"narrative of {self._case_id}, {template.name}: {error.message}; "
                "mend the template, or the case if a fact is missing"
            ) from error
        return Part(name, str(vars(module)["title"]), self._scribe.collect())


@dataclass(frozen=True, slots=True)
class Change:
    """
    What one report did to one entity.

    Attributes:
        kind: added, removed or changed.
        family: Lists without their ids: `drugs/doses`.
        now: The entity after the report; before it, where it was removed.
        before: The entity before the report; empty where it was added.
        names: Fields that differ.
    """

    kind: str
    family: str
    now: View
    before: View
    names: tuple[str, ...]


def _follow_ups(
    steps: Sequence[AssessedStep], case: Views
) -> Iterator[tuple[int, tuple[Change, ...]]]:
    """Give the place of every report but the first, with what it changed."""
    for place, (before, after) in enumerate(pairwise(steps), start=1):
        yield place, tuple(_changes_of(before.state, after.state, place, case))


def _changes_of(before: CaseState, after: CaseState, place: int, case: Views) -> Iterator[Change]:
    """Give what a report changed; facts of the two states carry the report's place."""
    then, now = case.at(before, f"report/{place}/"), case.at(after, f"report/{place + 1}/")
    return _compare(before, after, then, now)


def _changes(before: CaseState, after: CaseState, case: Views, version: int) -> Iterator[Change]:
    """Give what changed since a version, whose facts carry its number."""
    return _compare(before, after, case.at(before, f"version/{version}/"), case)


def _compare(before: CaseState, after: CaseState, then: Views, here: Views) -> Iterator[Change]:
    for path in (*after.entities, *(p for p in before.entities if p not in after.entities)):
        old, new = before.entities.get(path, {}), after.entities.get(path, {})
        names = tuple(
            name
            for name in sorted(old.keys() | new.keys())
            if name != OWNER and _value(old, name) != _value(new, name)
        )
        single = path in _SINGLE
        if not names and bool(old) == bool(new):
            continue
        if OWNER not in (new or old) and not single:
            continue  # a decision about something that no report has told of
        was, now = then.show(Entry(path, old)), here.show(Entry(path, new))
        if single or (old and new):
            yield Change("changed", _family(path), now, was, names)
        elif new:
            yield Change("added", _family(path), now, was, names)
        else:
            yield Change("removed", _family(path), was, was, names)


def _value(facts: Mapping[str, Fact], name: str) -> Value:
    """Give a value to compare; a blank one says no more than none."""
    value = facts[name].value if name in facts else None
    return None if isinstance(value, str) and not value.strip() else value


def _family(path: str) -> str:
    head, *rest = path.split("/")
    if head in _SINGLE:
        return "/".join((head, *rest[::2]))
    return "/".join((head, *rest[1::2]))
