"""
How likely did the drug injure the liver, by RUCAM (update of 2016)?

Two forms, one for hepatocellular injury and one for cholestatic or mixed injury; which one applies
follows from R. A form is scored item by item, each with its reason; it is not scored at all where
the injury is below the entry criteria, or the dates do not allow to. Decision support: a person
reads the sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from safety.causality.days import DayCount
from safety.causality.rucam_table import Form, Limits, Pattern, RucamTable, load_rucam

AltCourse = Literal[
    "half_in_8_days", "half_in_30_days", "half_later", "less_or_rise", "no_information"
]
AlpCourse = Literal["half_in_180_days", "less_in_180_days", "no_information"]
Concomitant = Literal[
    "none", "incompatible_time", "compatible_time", "known_hepatotoxin", "proven_role"
]
Hepatotoxicity = Literal["labelled", "published", "unknown"]
Reexposure = Literal["doubled_alone", "doubled_with_others", "did_not_double", "other"]

FIRST_GROUP = frozenset({"hav", "hbv", "hcv", "hev", "imaging", "alcoholism", "hypotension"})
SECOND_GROUP = frozenset({"underlying_disease", "cmv", "ebv", "hsv", "vzv"})
_ENOUGH = 5  # causes of the first group
_OLDER = 55  # years
_EARLY, _LATE, _LATEST = 8, 30, 180  # days after the drug was stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class LiverInjury:
    """
    What both forms ask; None is unknown throughout.

    Attributes:
        alt: ALT of the first abnormal sample, multiples of its upper limit of normal.
        alp: ALP of the same sample, likewise.
        on_drug: Whether the drug was still taken at onset.
        from_start: Days from the first dose to the onset.
        from_stop: Days from the last dose to the onset, where the drug had been stopped.
        second_exposure: The drug was being taken for the second time.
        slowly_metabolised: The drug stays long after it is stopped; sorafenib does not.
        alcohol: More than 2 drinks a day today for women, 3 for men.
        ruled_out: Other causes, by the names of `FIRST_GROUP` and `SECOND_GROUP`: True is ruled
            out, False found; not there or None is not looked for.
        other_cause_probable: Another cause is highly probable.
    """

    alt: Decimal | None
    alp: Decimal | None
    on_drug: bool | None
    from_start: DayCount | None = None
    from_stop: DayCount | None = None
    second_exposure: bool = False
    slowly_metabolised: bool = False
    alcohol: bool | None = None
    age_years: int | None = None
    concomitant: Concomitant | None = None
    ruled_out: Mapping[str, bool | None] = field(default_factory=dict)
    other_cause_probable: bool | None = None
    hepatotoxicity: Hepatotoxicity | None = None
    reexposure: Reexposure | None = None

    def __post_init__(self) -> None:
        if not self.ruled_out.keys() <= FIRST_GROUP | SECOND_GROUP:
            raise ValueError("ruled_out: a cause is not one of the two groups of the form")


@dataclass(frozen=True, slots=True)
class RucamItem:
    """One item: its points, why, and how well the row is known."""

    item: str
    points: int
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class RucamScore:
    """The sum, its category (excluded to highly_probable), and the items it is made of."""

    form: Form
    pattern: Pattern
    r_value: Decimal
    score: int
    category: str
    items: tuple[RucamItem, ...]


@dataclass(frozen=True, slots=True)
class RucamNotAssessable:
    """Why the form was not scored."""

    reasons: tuple[str, ...]


def derive_r_value(alt: Decimal, alp: Decimal) -> Decimal:
    """
    Give R: ALT over ALP, both as multiples of their upper limits of normal.

    Raises:
        ValueError: If ALP is not above zero.
    """
    if alp <= 0:
        raise ValueError("alp: must be above zero")
    return alt / alp


def derive_pattern(alt: Decimal, alp: Decimal) -> Pattern:
    """Give the pattern of injury: R from 5 hepatocellular, up to 2 cholestatic, mixed between."""
    return load_rucam().pattern_of(derive_r_value(alt, alp))


def derive_alt_course(
    peak: Decimal, limit: Decimal, after_stop: Sequence[tuple[int, Decimal]]
) -> AltCourse:
    """
    Read the course of ALT after the drug was stopped. The first line that applies decides.

    1. half of what ALT was above its limit is gone by day 8, by day 30, later: that row;
    2. the last value is of day 30 or later: less than half gone, or a rise;
    3. no information: not followed long enough.

    Args:
        peak: Highest ALT, in the unit of *limit*.

        limit: Upper limit of normal.

        after_stop: Day after the last dose, and ALT.
    """
    fallen = _day_of_half(peak, limit, after_stop)
    if fallen is not None:
        if fallen <= _EARLY:
            return "half_in_8_days"
        return "half_in_30_days" if fallen <= _LATE else "half_later"
    followed = max((day for day, _ in after_stop), default=0)
    return "less_or_rise" if followed >= _LATE else "no_information"


def derive_alp_course(
    peak: Decimal, limit: Decimal, after_stop: Sequence[tuple[int, Decimal]]
) -> AlpCourse:
    """
    Read the course of ALP after the drug was stopped; arguments as for ALT.

    Half gone by day 180; less, but some, by then; everything else says nothing.
    """
    within = [(day, value) for day, value in after_stop if day <= _LATEST]
    if _day_of_half(peak, limit, within) is not None:
        return "half_in_180_days"
    last = max(within, default=None)
    return "less_in_180_days" if last is not None and last[1] < peak else "no_information"


def _day_of_half(
    peak: Decimal, limit: Decimal, after_stop: Sequence[tuple[int, Decimal]]
) -> int | None:
    half = peak - (peak - limit) / 2
    return min((day for day, value in after_stop if day > 0 and value <= half), default=None)


def assess_rucam_hepatocellular(
    injury: LiverInjury, course: AltCourse | None
) -> RucamScore | RucamNotAssessable:
    """
    Score the form for hepatocellular injury (R of 5 and more).

    Time to onset counts from the start while the drug is taken, and from the stop afterwards. An
    onset before the drug, or too long after a drug that is not slowly metabolised, is not scored:
    the injury is unrelated in time. What is unknown of the other items gives the points of the
    published "no information".

    Args:
        injury: What both forms ask.

        course: ALT after the drug was stopped; see `derive_alt_course()`.

    Sources:
        Danan and Teschke 2016, table for hepatocellular injury; regulatory facts 3.5.
    """
    return _assess("hepatocellular", injury, course, pregnant=None)


def assess_rucam_cholestatic(
    injury: LiverInjury, course: AlpCourse | None, *, pregnant: bool | None = None
) -> RucamScore | RucamNotAssessable:
    """
    Score the form for cholestatic or mixed injury (R under 5); see the other form.

    Args:
        injury: What both forms ask.

        course: ALP after the drug was stopped; see `derive_alp_course()`.

        pregnant: Whether the patient is pregnant, a risk factor of this form only.

    Sources:
        Danan and Teschke 2016, table for cholestatic or mixed injury; regulatory facts 3.5.
    """
    return _assess("cholestatic_mixed", injury, course, pregnant=pregnant)


def _assess(
    form: Form, injury: LiverInjury, course: AltCourse | AlpCourse | None, *, pregnant: bool | None
) -> RucamScore | RucamNotAssessable:
    table = load_rucam()
    ratio = _read_entry(form, injury, table)
    onset = _read_onset(injury, table.limits[form])
    refused = [read for read in (ratio, onset) if isinstance(read, RucamNotAssessable)]
    if isinstance(ratio, RucamNotAssessable) or isinstance(onset, RucamNotAssessable):
        return RucamNotAssessable(tuple(reason for each in refused for reason in each.reasons))
    age = injury.age_years
    answers = {
        "onset": onset,
        "course": course or "no_information",
        "alcohol": "yes" if injury.alcohol else None,
        "age": "yes" if age is not None and age >= _OLDER else None,
        "pregnancy": "yes" if pregnant else None,
        "concomitant": injury.concomitant,
        "alternatives": _read_alternatives(injury),
        "hepatotoxicity": injury.hepatotoxicity,
        "reexposure": injury.reexposure,
    }
    items = tuple(_score_item(form, table, item, answer) for item, answer in answers.items())
    score = sum(item.points for item in items)
    return RucamScore(form, table.pattern_of(ratio), ratio, score, table.band_of(score), items)


def _score_item(form: Form, table: RucamTable, item: str, answer: str | None) -> RucamItem:
    if answer is None:
        return RucamItem(item, 0, "no, or no information", "V2")
    row = table.rows[form, item, answer]
    return RucamItem(item, row.points, answer.replace("_", " "), row.evidence)


def _read_entry(form: Form, injury: LiverInjury, table: RucamTable) -> Decimal | RucamNotAssessable:
    """Give R, if the injury may enter this form."""
    alt, alp = injury.alt, injury.alp
    if alt is None or alp is None or alp <= 0:
        return RucamNotAssessable(("ALT and ALP of the first abnormal sample are not known",))
    if alt < table.alt_from and alp < table.alp_from:
        return RucamNotAssessable(("below the entry criteria: ALT from 5 or ALP from 2 x ULN",))
    ratio = derive_r_value(alt, alp)
    if (table.pattern_of(ratio) == "hepatocellular") != (form == "hepatocellular"):
        return RucamNotAssessable(("R belongs to the other form",))
    return ratio


def _read_onset(injury: LiverInjury, limits: Limits) -> str | RucamNotAssessable:
    """Give the row of the time to onset: from the start while the drug is taken, else the stop."""
    if injury.on_drug is None:
        return RucamNotAssessable(("whether the drug was still taken at onset is not known",))
    return _onset_on_drug(injury, limits) if injury.on_drug else _onset_off_drug(injury, limits)


def _onset_on_drug(injury: LiverInjury, limits: Limits) -> str | RucamNotAssessable:
    days = injury.from_start
    if days is None:
        return RucamNotAssessable(("days from the first dose to onset are not known",))
    if days.most < 0:
        return RucamNotAssessable(("onset before the first dose: unrelated in time",))
    exposure = limits.second_exposure if injury.second_exposure else limits.first_exposure
    suggestive = days.within(*exposure)
    if suggestive is None or days.fewest < 0:
        return RucamNotAssessable(("the days from the first dose are too imprecise",))
    return "suggestive" if suggestive else "compatible"


def _onset_off_drug(injury: LiverInjury, limits: Limits) -> str | RucamNotAssessable:
    days = injury.from_stop
    if days is None:
        return RucamNotAssessable(("days from the last dose to onset are not known",))
    if injury.slowly_metabolised:
        return "after_stop"
    near = days.within(0, limits.after_stop)
    if near is None:
        return RucamNotAssessable(("the days from the last dose are too imprecise",))
    if not near:
        return RucamNotAssessable(("onset too long after the last dose: unrelated in time",))
    return "after_stop"


def _read_alternatives(injury: LiverInjury) -> str:
    """
    Give the row of the search for other causes. The first line that applies decides.

    1. another cause is highly probable;
    2. all causes of both groups are ruled out;
    3. the seven of the first group are; 4. five or six of them; 5. fewer.
    """
    if injury.other_cause_probable:
        return "highly_probable"
    out = {cause for cause, ruled_out in injury.ruled_out.items() if ruled_out}
    first = len(out & FIRST_GROUP)
    if first == len(FIRST_GROUP):
        return "all_ruled_out" if out >= SECOND_GROUP else "first_group_ruled_out"
    return "five_or_six_ruled_out" if first >= _ENOUGH else "fewer_ruled_out"
