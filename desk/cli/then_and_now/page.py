"""The comparison as a page of the manual; every figure on it is counted from the comparison."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from desk.cli.then_and_now.model import Findings, Told
from safety.deadlines import Obligation

_OPENING = """\
# SECURE under the law of its time, and under today's

SECURE ran in China from July 2013 to September 2017, under the Ministry of Health's Decree 81.
Since then China has moved the duty to the holder (announcement 66 of 2018) and the United
Kingdom has left the European system. Who would have been told what, and when: by the law of
each day, and by the law of {law} over the same history?

**The history is made up.** It is a simulated study of 106 subjects, seed 1, with the incidence
of events that was published for sorafenib. The figures show how the two laws differ on one
history; they say nothing of the people in the real study. No report is recorded as sent, so
this is about due dates, not about who kept them.

This page was written by `make then-and-now`, which does what these commands do:

    export SAFETY_DATABASE_URL=sqlite:///var/secure.db
    safety simulate secure --out var/secure.jsonl
    safety migrate
    safety process var/secure.jsonl
    safety what-if --study SECURE --under-rules-of {law} --as-of 2017-09-08 --ledger var/ledger.csv

The ledger has a line for every duty: case, recipient, and by either law the rule, its
provision, day zero, due date, and whether it is decided. What-if counts a duty to another
office as another duty; on this page the duties of one authority because of one report are one
line, whatever its office was called. `safety case trace CASE` tells for each why."""

_MOVES = """\
A line is what one authority is told because of one report. "Held" means conservative: a fact is
missing, and the duty stands until it is known."""

_LIMITS = """\
- Every row of the rulebooks has an evidence tag, above. `V` was read in the provision itself,
  `V2` in a secondary source, the others are from memory: a lawyer reads those first.
- The British rows for marketed products begin with 2021. Before, such reports went through the
  European system and national rules that are not among the rulebooks, so "not told" is of the
  rulebooks, not of the law of the United Kingdom.
- Duties that no single case makes (periodic reports, signals, clusters) are not counted: see
  `safety rules others`.
- A law is not only its limits. Who reports, in what form and by which way changed as well; a
  due date shows none of it.
- An event whose label does not settle whether it is listed counts as new until a person
  decides. Another dictionary or label moves such duties: `safety what-if --dictionary DIR --rsi
  FILE`."""


def render_page(found: Findings) -> str:
    """Give the page, as Markdown."""
    parts = [
        _OPENING.format(law=found.law),
        "## In short",
        "\n".join(f"- {line}" for line in _in_short(found)),
        "![Duties by authority and limit, then and now](images/secure-then-and-now.svg)",
        "## Who is told, how often, within how many days",
        _markdown(("authority", "duty", "then", "within", "now", "within"), _counts(found.told)),
        "## What moves",
        _MOVES,
        _markdown(
            ("authority", "duty", "rule then", "rule now", "lines", "due date", "held then", "now"),
            _moves(found.told),
        ),
        "## Three of the cases",
        *_examples(found),
        "## The rules it rests on",
        _markdown(("rule", "days", "to", "in force", "evidence", "provision"), _rules(found)),
        "## What it does not say",
        _LIMITS,
    ]
    return "\n\n".join(parts) + "\n"


def _in_short(found: Findings) -> Iterator[str]:
    told = found.told
    china = [each for each in told if each.authority == "NMPA"]
    later = [each for each in china if each.moved_days]
    more = sum(len(each.now) > len(each.then) for each in china)
    made = [each for each in told if not each.then]
    same = [e for e in told if e.authority != "NMPA" and e.then and e.moved_days == 0]
    lifted = sum(not each.now for each in told)
    cases = len({each.case_id for each in told})
    yield (
        f"{found.result.cases} cases; {cases} of them make a duty to somebody. Then:"
        f" {sum(len(e.then) for e in told)} duties. Today: {sum(len(e.now) for e in told)}."
    )
    yield (
        f"China: {len(china)} reports under either law. {len(china) - len(later)} are due the same"
        f" day. {len(later)} are due {_days(later)} later: not serious, and perhaps not on the"
        " label. Decree 81 gave a new reaction the time of a serious one; today only seriousness"
        f" counts. {sum(not _decided(e.then) for e in later)} of the {len(later)} were held then:"
        " the label does not settle whether they are new, which was to be taken at its worst."
    )
    yield (
        f"Deaths: {sum(e.duty == 'initial' and _at_once(e.then) for e in china)}, told at once then"
        f" as now, with an investigation report in 15 days. Today the provincial centre gets them"
        f" too, which makes {more} reports go to two offices."
    )
    yield f"United Kingdom: {len(made)} reports today; then none by the rulebook (see below)."
    yield (
        f"EudraVigilance, FDA, Health Canada, PMDA: {len(same)} reports, by the same rules on the"
        f" same days. Reports that fall away, to anybody: {lifted}."
    )


def _counts(told: Sequence[Told]) -> Iterator[tuple[str, ...]]:
    for authority, duty in sorted({(each.authority, each.duty) for each in told}):
        lines = [e for e in told if (e.authority, e.duty) == (authority, duty)]
        yield (
            authority,
            duty.replace("_", " "),
            *(cell for side in ("then", "now") for cell in _side(lines, side)),
        )


def _side(lines: Sequence[Told], side: str) -> tuple[str, str]:
    duties = [duty for each in lines for duty in getattr(each, side)]
    to = Counter(duty.recipient for duty in duties)
    limits = ", ".join(
        str(days) if days else "at once" for days in sorted({d.days for d in duties})
    )
    return ", ".join(f"{count} to {who}" for who, count in sorted(to.items())) or "0", limits or "-"


def _moves(told: Sequence[Told]) -> Iterator[tuple[str, ...]]:
    groups: dict[tuple[str, str, str, str, str], list[Told]] = {}
    for each in told:
        key = (each.authority, each.duty, _ids(each.then), _ids(each.now), _shift(each))
        groups.setdefault(key, []).append(each)
    for key in sorted(groups):
        lines = groups[key]
        held = (
            sum(bool(side) and not _decided(side) for side in sides)
            for sides in ([e.then for e in lines], [e.now for e in lines])
        )
        authority, duty, then, now, shift = key
        count = str(len(lines))
        yield (authority, duty.replace("_", " "), then, now, count, shift, *map(str, held))


def _examples(found: Findings) -> Iterator[str]:
    china = [e for e in found.told if e.authority == "NMPA" and e.duty == "initial"]
    chosen = {
        "A death": next(e for e in china if _at_once(e.then)),
        "Serious, not fatal": next(e for e in china if e.then[0].days == e.now[0].days == 15),  # noqa: PLR2004 - the limit of a serious one
        "Not serious, perhaps new": next(e for e in china if e.moved_days),
    }
    for title, one in chosen.items():
        events = "; ".join(_event(event) for event in found.events[one.case_id])
        lines = [each for each in found.told if each.case_id == one.case_id]
        yield f"**{title}.** `{one.case_id}`: {events}."
        yield _markdown(
            ("told", "duty", "day zero", "due then", "due now"),
            (
                (
                    each.authority,
                    each.duty.replace("_", " "),
                    str((each.then or each.now)[0].day_zero),
                    _due(each.then),
                    _due(each.now),
                )
                for each in lines
            ),
        )


def _event(event: Any) -> str:  # noqa: ANN401 - a row of the store
    said = {True: "yes", False: "no", None: "not settled"}
    return (
        f"{event['term'] or 'an event not coded yet'}, grade {event['grade']}, serious"
        f" {said[event['serious']]}, related {said[event['related']]}, listed in China"
        f" {said[event['expected_cn']]}, {event['outcome'].replace('_', ' ')}"
    )


def _due(duties: Sequence[Obligation]) -> str:
    return (
        "; ".join(
            f"{duty.due} to {duty.recipient} ({duty.rule_id}{'' if duty.decided else ', held'})"
            for duty in sorted(duties, key=lambda duty: (duty.due, duty.recipient))
        )
        or "not told"
    )


def _rules(found: Findings) -> Iterator[tuple[str, ...]]:
    used = {duty.rule_id for each in found.told for duty in (*each.then, *each.now)}
    for book in found.knowledge.rulebooks:
        for rule in book.rules:
            if rule.rule_id in used:
                until = "" if rule.valid_to.year == 9999 else f" to {rule.valid_to}"  # noqa: PLR2004 - date.max
                since = "always" if rule.valid_from.year == 1 else f"{rule.valid_from}{until}"
                days = str(rule.days) if rule.days else "at once"
                to = ", ".join(rule.recipients)
                yield (rule.rule_id, days, to, since, rule.evidence, rule.provision)


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ids(duties: Sequence[Obligation]) -> str:
    return ", ".join(sorted({duty.rule_id for duty in duties})) or "-"


def _shift(each: Told) -> str:
    if each.moved_days is None:
        return "only now" if each.now else "only then"
    return f"{each.moved_days} days later" if each.moved_days else "the same"


def _days(later: Sequence[Told]) -> str:
    return " or ".join(str(days) for days in sorted({e.moved_days or 0 for e in later})) + " days"


def _decided(duties: Sequence[Obligation]) -> bool:
    return all(duty.decided for duty in duties)


def _at_once(duties: Sequence[Obligation]) -> bool:
    return any(duty.days == 0 for duty in duties)
