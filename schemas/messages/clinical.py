"""
What happened and what was taken: reactions, tests, drugs, and how they were judged to relate.

Element numbers in the comments are ICH E2B(R3). `X | Explicit` marks the fields
that may be unknown on purpose.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.messages.parts import Line, Many, Term
from schemas.values import (
    Closed,
    Code,
    Country,
    Explicit,
    Key,
    Name,
    PartialDate,
    Quantity,
    Result,
    Text,
)
from schemas.vocabulary import (
    ActionTaken,
    DrugRole,
    Highlight,
    Interpretation,
    Outcome,
    Rechallenge,
)

Ticked = Literal[True] | Explicit | None  # true, or explicitly no information; never false


class Seriousness(Closed):
    """E.i.3.2: each criterion is true or not stated; `{"null": "NI"}` takes a tick back."""

    death: Ticked = None
    life_threatening: Ticked = None
    hospitalisation: Ticked = None
    disability: Ticked = None
    congenital_anomaly: Ticked = None
    other_important: Ticked = None


class Grade(Closed):
    """Severity as the source graded it, with the edition of the criteria."""

    grade: Annotated[int, Field(ge=1, le=5)]
    ctcae: Literal["3.0", "4.0", "4.03", "5.0", "6.0", "unknown"] = "unknown"


class AsRecorded(Closed):
    """
    What the study's own database says of an event, kept as it stands there.

    Reports of that study count by it, so that they agree with the database. Its coding stands
    before ours. Where its answer to "serious" contradicts the criteria, only a person decides.
    """

    serious: bool | None = None
    treatment_emergent: bool | None = None
    lowest_level_term: Line | None = None
    lowest_level_code: Key | None = None
    preferred_term: Line | None = None
    preferred_code: Key | None = None
    system_organ_class: Line | None = None
    system_organ_class_code: Key | None = None
    dictionary: Name | None = None
    severity: Literal["mild", "moderate", "severe", "life_threatening", "fatal"] | None = None
    action_taken: ActionTaken | None = None  # with the study drug, for this event
    special_interest: Annotated[list[Line], Field(max_length=50)] | None = None
    row: Key | None = None  # where it stands there, such as AE.7


# An admission for one of these makes nothing serious unless the reaction prolonged it.
PlannedAdmission = Literal[
    "protocol_procedure",
    "planned_surgery",
    "planned_treatment",
    "diagnostic",
    "social",
    "other_without_worsening",
]


class Reaction(Closed):
    """E.i."""

    reaction_id: Key
    term: Term | None = None  # E.i.1.1a/b, E.i.2.1
    english: Line | None = None  # E.i.1.2
    highlight: Highlight | None = None  # E.i.3.1
    seriousness: Seriousness | None = None  # E.i.3.2
    onset: PartialDate | Explicit | None = None  # E.i.4
    end: PartialDate | Explicit | None = None  # E.i.5
    duration: Quantity | None = None  # E.i.6
    outcome: Outcome | None = None  # E.i.7
    medically_confirmed: bool | None = None  # E.i.8
    country: Country | Explicit | None = None  # E.i.9
    grade: Grade | Explicit | None = None
    treatment: Line | None = None
    as_recorded: AsRecorded | None = None
    planned_admission: PlannedAdmission | Explicit | None = None  # why an admission was planned
    void: Literal["entered_in_error", "merged_into_another"] | None = None


class Test(Closed):
    """F.r."""

    test_id: Key
    date: PartialDate | Explicit | None = None
    name: Name | None = None
    coded: Code | None = None
    interpretation: Interpretation | None = None
    result: Result | Explicit | None = None
    result_text: Text | None = None
    low: Result | None = None
    high: Result | None = None
    comments: Line | None = None
    more_available: bool | None = None


class Substance(Closed):
    """G.k.2.3.r."""

    substance_id: Key
    name: Line | None = None
    coded: Code | None = None
    strength: Quantity | None = None


class Dose(Closed):
    """G.k.4.r: one dose period."""

    dose_id: Key
    dose: Quantity | Explicit | None = None
    interval: Quantity | Explicit | None = None  # "400 mg twice a day" is 400 mg every 12 h
    start: PartialDate | Explicit | None = None
    end: PartialDate | Explicit | None = None
    duration: Quantity | None = None
    batch: Name | Explicit | None = None
    text: Line | None = None
    form: Name | Explicit | None = None
    form_code: Code | None = None
    route: Name | Explicit | None = None
    route_code: Code | None = None
    parent_route: Name | Explicit | None = None
    parent_route_code: Code | None = None


class Indication(Closed):
    """G.k.7.r."""

    indication_id: Key
    term: Term | None = None


class Drug(Closed):
    """G.k."""

    drug_id: Key
    role: DrugRole | None = None
    name: Line | Explicit | None = None
    product_code: Code | None = None  # G.k.2.1, MPID or PhPID
    substances: Annotated[list[Substance], Field(max_length=Many)] | None = None
    obtained_in: Country | None = None
    blinded: bool | None = None
    authorisation_number: Name | None = None
    authorisation_country: Country | None = None
    authorisation_holder: Name | None = None
    doses: Annotated[list[Dose], Field(max_length=Many)] | None = None
    cumulative_dose: Quantity | None = None
    gestation_at_exposure: Quantity | None = None
    indications: Annotated[list[Indication], Field(max_length=Many)] | None = None
    action_taken: ActionTaken | None = None
    additional_information_codes: Annotated[list[Key], Field(max_length=20)] | None = None
    additional_information: Line | None = None


class RelatednessAnswer(Closed):
    """G.k.9.i.2.r: what one assessor said of one drug and one reaction, in their own words."""

    drug_id: Key
    reaction_id: Key
    assessor: Literal["reporter", "investigator", "sponsor", "authority", "other"]
    source: Name | None = None  # G.k.9.i.2.r.1 as written
    method: Name | None = None
    result: Name


class DrugReaction(Closed):
    """G.k.9.i.3 and .4: what time and re-administration tell of one drug and one reaction."""

    drug_id: Key
    reaction_id: Key
    rechallenge: Rechallenge | None = None
    from_first_dose: Quantity | None = None
    from_last_dose: Quantity | None = None
