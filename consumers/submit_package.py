"""
Everything that goes to one authority about one case, as one file, and recorded as sent.

The same case version, authority and instant give the same file: a package that was made before is
made again under the batch number it has, and not recorded twice.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from consumers.documents import narrate, narrative_text
from consumers.e2b import Judged, Sending, check_file, icsr_of
from consumers.forms import fill_cioms
from consumers.input_files import OutputFileError
from consumers.schema_gate import SchemaGate
from consumers.transmit import Clerk, answered_duties, new_wrapper, record_transmission, sent_of
from reports.cioms import POLICIES, render_pdf
from reports.e2b.model import OwnSender, Wrapper
from reports.e2b.profiles import Answers, Profile, load_profile, profile_names
from reports.e2b.render import render_batch
from reports.e2b.validate import Broken, notes_of
from reports.package import Package, PackageFile, build_package, render_zip, validate_zip
from safety.errors import InvariantError
from safety.store import SqlStore
from safety.store.queries import versions_of
from safety.store.transmissions import sent_messages
from safety.submissions import FAMILY
from safety.transmissions import ANSWER_FAMILY, SENT_FAMILY
from safety.versions import Version

CORE = "ich"  # for authorities of whom no profile is here
TRIAL = "trial"
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What package is wanted.

    Attributes:
        receiver: Name of a profile; None chooses the one of the authority that fits the case.
        manufacturer: Name and address for box 24a of the form.
        mask: What the authority may see of patient and reporter, by name of the policy.
        is_test: To the receiver's test address.
        draft: Write a package that a rule rejects, too; it is marked and not recorded.
    """

    authority: str
    made_at: datetime
    sender: OwnSender
    receiver: str | None = None
    manufacturer: str = ""
    mask: str = "authority"
    is_test: bool = False
    draft: bool = False
    regional: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Packaged:
    """
    A package that was made, or why not.

    Attributes:
        package: None if a rule rejects the message and no draft was asked for.
        content: The zip.
        again: It was made before; nothing was recorded.
    """

    judged: Judged
    profile: str
    package: Package | None
    content: bytes
    again: bool


def authorities(clerk: Clerk) -> tuple[str, ...]:
    """Give the authorities whose rulebooks are here."""
    rules = (rule for book in clerk.knowledge.rulebooks for rule in book.rules)
    return tuple(sorted({rule.authority for rule in rules}))


def version_to_tell(store: SqlStore, case_id: str) -> Version | None:
    """
    Give the newest version that says something else than how its reports came on.

    What was sent and answered makes a version, too; documents are about the one before, so that
    the same case makes the same package before and after it was sent.
    """
    told = [
        version
        for version in versions_of(store, case_id)
        if version.version == 1
        or any(path.split("/", 1)[0] not in _ABOUT_SENDING for path, *_ in version.changes)
    ]
    return told[-1] if told else None


_ABOUT_SENDING = frozenset({FAMILY, SENT_FAMILY, ANSWER_FAMILY})


def submit_package(
    clerk: Clerk, version: Version, wanted: Wanted, out: Path, gate: SchemaGate | None
) -> Packaged:
    """
    Make the package about a case version, write it, and record that it is sent.

    Args:
        clerk: Records it.

        version: The case version.

        wanted: Which package.

        out: The file.

        gate: The ICH schema, if the user has it.

    Raises:
        OutputFileError: The file cannot be written.
        StoreUnavailableError: It cannot be recorded; nothing is written.
    """
    made, wrapper, sending, judged = _make(clerk, version, wanted, gate)
    if made is None:
        return Packaged(judged, sending.profile.name, None, b"", again=False)
    content = render_zip(made)
    if faults := validate_zip(content):
        raise InvariantError(f"the package does not stand up to its check: {faults[0]}")
    again = _made_before(clerk, version, sending) is not None
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_bytes(content)
        if not (again or made.draft):
            whole = PackageFile(out.name, ZIP, content)
            icsr = next(file for file in made.files if file.name == "icsr.xml")
            record_transmission(
                clerk,
                sending,
                wrapper,
                icsr.digest,
                [sent_of(icsr_of(clerk.store, version, clerk.knowledge, sending))],
                [
                    *made.documents(),
                    {"name": whole.name, "media_type": ZIP, "digest": sha256(content).hexdigest()},
                ],
            )
        part.rename(out)
    except OSError as error:
        raise OutputFileError(
            f"{out} cannot be written ({error.strerror}); name another file"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink()
    return Packaged(judged, sending.profile.name, made, content, again)


def _make(
    clerk: Clerk, version: Version, wanted: Wanted, gate: SchemaGate | None
) -> tuple[Package | None, Wrapper, Sending, Judged]:
    profile = choose_profile(clerk, version, wanted.authority, wanted.receiver)
    sending = Sending(
        profile=profile,
        sender=wanted.sender,
        created=wanted.made_at,
        is_test=wanted.is_test,
        regional=dict(wanted.regional),
    )
    before = _made_before(clerk, version, sending)
    wrapper = new_wrapper(clerk.store, sending)
    if before is not None:
        wrapper = replace(wrapper, batch_number=before)
    icsr = icsr_of(clerk.store, version, clerk.knowledge, sending)
    xml = render_batch([icsr], wrapper, profile)
    [verdict] = check_file(xml, gate, now=wanted.made_at, profile=profile)
    judged = Judged(icsr.case_id, (*verdict.broken, *notes_of(icsr)))
    if judged.is_rejected and not wanted.draft:
        return None, wrapper, sending, judged
    form = fill_cioms(
        clerk.store,
        version,
        clerk.knowledge,
        made_at=wanted.made_at,
        variant="classic",
        policy=POLICIES[wanted.mask],
        manufacturer=wanted.manufacturer,
    )
    package = build_package(
        version.case_id,
        version.version,
        authority=wanted.authority,
        profile=profile.name,
        batch=wrapper.batch_number,
        number=icsr.identity.safety_report_id,
        made_at=wanted.made_at,
        knowledge=clerk.knowledge.digest,
        icsr=xml,
        form=render_pdf(form, "portrait"),
        narrative=narrative_text(narrate(clerk.store, version, clerk.knowledge)),
        trace=version.trace,
        validation=[rule_row(one) for one in judged.broken],
        schema_asked=gate is not None,
    )
    return package, wrapper, sending, judged


def rule_row(broken: Broken) -> dict[str, str]:
    """Give a broken rule as a row of JSON."""
    return {
        "rule": broken.rule_id,
        "severity": broken.severity,
        "element": broken.element,
        "message": broken.message,
    }


def _made_before(clerk: Clerk, version: Version, sending: Sending) -> str | None:
    """Give the batch number under which this package was made before."""
    for sent in sent_messages(clerk.store, case_id=version.case_id):
        same = (sent.told_version, sent.profile, sent.at, sent.is_test)
        if sent.documents and same == (
            version.version,
            sending.profile.name,
            sending.created,
            sending.is_test,
        ):
            return sent.batch
    return None


def choose_profile(clerk: Clerk, version: Version, authority: str, receiver: str | None) -> Profile:
    """
    Choose whose rules a package follows; the first that applies decides.

    1. a receiver is named: that one;
    2. the authority has one whose duties the case has: that one;
    3. the authority has one for cases of this kind, of trials or of others: that one;
    4. the core standard, as the report for all duties to that authority.
    """
    if receiver is not None:
        return load_profile(receiver)
    known = [load_profile(name) for name in profile_names()]
    theirs = [one for one in known if one.answers and one.answers.authority == authority]
    with_duty = [one for one in theirs if answered_duties(clerk, version.case_id, one.answers)]
    contexts = {event["context"] for event in version.events}
    fitting = [one for one in theirs if _fits(one, contexts)]
    chosen = (*with_duty, *fitting, *theirs)
    if chosen:
        return chosen[0]
    return replace(
        load_profile(CORE), answers=Answers(authority, _recipients(clerk, authority), frozenset())
    )


def _fits(profile: Profile, contexts: set[str]) -> bool:
    is_trial = profile.name.endswith(("-trial", "-ind"))
    return is_trial == (TRIAL in contexts)


def _recipients(clerk: Clerk, authority: str) -> frozenset[str]:
    return frozenset(
        recipient
        for book in clerk.knowledge.rulebooks
        for rule in book.rules
        if rule.authority == authority
        for recipient in rule.recipients
    )
