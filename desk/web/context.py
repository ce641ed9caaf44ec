"""What every page works with: the store, the knowledge, how the desk is set up, the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from consumers.learned import KnowledgeOverTime
from desk.web.kept import Kept, Recent
from desk.web.overview import Counts
from desk.web.throttle import Throttle
from reports.e2b.model import OwnSender
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.model import Partition
from safety.store.queue import Tab


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Manners:
    """
    How the desk is set up.

    Attributes:
        secure: Cookies go over HTTPS only.
        hosts: Names under which the desk answers; a request to another name is refused.
        idle: A session that was not used for so long ends.
        longest: A session ends after so long in any case.
        manufacturer: Name and address on forms.
        sender: Who we are in E2B messages.
        demo: Whom to sign in without a password; only served on the loopback, with made-up cases.
        as_of: Show time left as on this day, whatever the day is: for looking at old studies.
    """

    secure: bool = True
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=10)
    manufacturer: str = ""
    sender: OwnSender = field(default_factory=lambda: OwnSender("SENDER"))
    demo: str | None = None
    as_of: date | None = None


Ends = Mapping[Partition, int]
Tallies = tuple[Mapping[Tab, int], int]  # of every tab, and of the quarantine
TALLIED = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Desk:
    """
    One desk; see `desk.web.app.create_app`.

    Attributes:
        ends: Where the broker's partitions end, for the overview; None where it is not asked.
        counted: What the overview counted, by the day it was counted for.
        tallies: How many cases each tab has, by day; counting them costs more than a page.
    """

    store: SqlStore
    knowledge: Knowledge
    manners: Manners = field(default_factory=Manners)
    clock: Callable[[], datetime] = _now
    throttle: Throttle = field(default_factory=Throttle)
    ends: Kept[Ends] | None = None
    counted: dict[date, Kept[Counts]] = field(default_factory=dict)
    tallies: Recent[Tallies] = field(default_factory=lambda: Recent(TALLIED))
    over_time: KnowledgeOverTime = field(init=False)  # the knowledge with what people taught it

    def __post_init__(self) -> None:
        """Follow what people teach from here on."""
        object.__setattr__(self, "over_time", KnowledgeOverTime(self.knowledge))
