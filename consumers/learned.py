"""
What did people teach the dictionary, and what had they taught when a message was decided?

Each message of the log says how many entries of the list were in force when it was decided. The
first so many entries, on top of the installed dictionary, are the knowledge it is decided again
with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from consumers.logged import read_logged
from safety.case import Report
from safety.coding import Dictionary, Learned, LearnedAction, explain_not_learnable, in_force
from safety.errors import InvariantError, SafetyError
from safety.knowledge import Knowledge, with_learned
from safety.pipeline import Outcome, advance, begin, restore
from safety.store.model import Batch, LoggedMessage, Store, Transaction


class NotLearnableError(SafetyError):
    """The words cannot be learned or withdrawn; the message says why."""


class KnowledgeOverTime:
    """
    The installed knowledge with what was taught at any moment; threads may share one.

    Args:
        installed: The knowledge that is installed, with nothing taught.
    """

    def __init__(self, installed: Knowledge) -> None:
        self._entries: tuple[Learned, ...] = ()
        self._known = {0: installed}
        self._growing = Lock()

    def refresh(self, transaction: Transaction) -> Knowledge:
        """Give the knowledge with all that people have taught by now."""
        with self._growing:
            self._entries += transaction.learned(after=len(self._entries))
            return self.at(len(self._entries))

    def at(self, count: int) -> Knowledge:
        """
        Give the knowledge with the first so many entries.

        Raises:
            InvariantError: There are fewer.
        """
        if count > len(self._entries):
            raise InvariantError(
                f"a message was decided with {count} learned names, and there are"
                f" {len(self._entries)}: rows of learned_names are missing"
            )
        if count not in self._known:
            self._known[count] = with_learned(self._known[0], self._entries[:count])
        return self._known[count]


def follow(
    case_id: str, messages: Sequence[LoggedMessage], knowledge: KnowledgeOverTime
) -> Iterator[Outcome]:
    """Give what each message of a case did, each decided with the knowledge of its time."""
    live, before = begin(case_id), None
    reports: list[Report] = []
    for message in messages:
        report, then = read_logged(message), knowledge.at(message.learned)
        if before is not None and then is not before:
            live = restore(
                case_id,
                reports,
                then,
                version=live.version,
                digest=live.digest,
                chain=live.chain,
                obligations=live.obligations,
            )
        before = then
        reports.append(report)
        outcome = advance(live, report, then, now=message.recorded_at)
        live = outcome.case
        yield outcome


def learn(
    store: Store,
    dictionary: Dictionary,
    text: str,
    term: str | None,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> Learned:
    """
    Teach the dictionary that words stand for a term, or take that back.

    Args:
        store: Where the list is.

        dictionary: The dictionary in force.

        text: The words.

        term: The name of the term; None to withdraw the words.

        by: Who says so.

        reason: Why.

        now: When.

    Raises:
        NotLearnableError: The message says why.
        StoreUnavailableError: Somebody else taught it something at the same moment; try again.
    """
    with store.transaction() as transaction:
        known = transaction.learned(after=0)
        entry = Learned(
            number=len(known) + 1,
            action=LearnedAction.LEARN if term is not None else LearnedAction.WITHDRAW,
            text=text,
            term=term or "",
            dictionary=dictionary.label,
            by=by,
            at=now,
            reason=reason,
            case_id=None,
        )
        standing = in_force(known).get(entry.key)
        if term is None:
            if standing is None:
                raise NotLearnableError(
                    "these words were not learned; see: safety dictionary learned"
                )
            entry = replace(entry, term=standing.term)
        else:
            why = explain_not_learnable(text, term, dictionary)
            if why is not None:
                raise NotLearnableError(why)
            if standing is not None and standing.term == term:
                raise NotLearnableError(f"it stands for {term} already")
        transaction.save(Batch(learned=[entry]), now=now)
    return entry
