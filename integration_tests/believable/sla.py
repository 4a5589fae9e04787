"""What the help desk promises: its office hours, its SLA policies, and when a ticket falls due by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from integration_tests.fake_freshdesk.model.table import Record

_SATURDAY = 5


@dataclass(frozen=True)
class OfficeHours:
    """From eight to five on weekdays, in a zone of Freshdesk's names and of the world's."""

    name: str
    rails_zone: str
    zone: ZoneInfo
    opens: time = time(8)
    closes: time = time(17)

    def after(self, start: datetime, work: timedelta) -> datetime:
        """The moment at which somebody has worked for so long who begins at `start`, in UTC."""
        day = start.astimezone(self.zone).date()
        while True:
            if day.weekday() < _SATURDAY:
                begins = max(start, datetime.combine(day, self.opens, self.zone).astimezone(UTC))
                left_of_day = datetime.combine(day, self.closes, self.zone).astimezone(UTC) - begins
                if timedelta() < left_of_day and work <= left_of_day:
                    return begins + work
                work -= max(left_of_day, timedelta())
            day += timedelta(days=1)


OFFICE = OfficeHours("Office hours", "Berlin", ZoneInfo("Europe/Berlin"))
FIELD_SERVICE = OfficeHours("Field service", "London", ZoneInfo("Europe/London"))
HOURS_OF_GROUP = {"Field Service": FIELD_SERVICE}
"""Those of all other groups are the office's."""

URGENT = 4
DEFAULT_HOURS = {1: (18, 72), 2: (9, 36), 3: (4, 18), URGENT: (1, 12)}
"""Hours to the first response and to the resolution, by priority: office hours, but around the clock if urgent."""

OUTAGE = "Incident"
OUTAGE_HOURS = {priority: (respond, resolve // 2) for priority, (respond, resolve) in DEFAULT_HOURS.items()}
"""Those of tickets of the type for outages."""


@dataclass(frozen=True)
class Promise:
    """What a policy promises for a ticket. Without office hours it counts by the clock."""

    respond: timedelta
    resolve: timedelta
    hours: OfficeHours | None

    def after(self, start: datetime, work: timedelta) -> datetime:
        """So much later, as the policy counts."""
        return start + work if self.hours is None else self.hours.after(start, work)


def promise(ticket_type: str | None, priority: int, group: str) -> Promise:
    """What holds for such a ticket."""
    of_type: Mapping[int, tuple[int, int]] = OUTAGE_HOURS if ticket_type == OUTAGE else DEFAULT_HOURS
    respond, resolve = of_type[priority]
    hours = None if priority == URGENT else HOURS_OF_GROUP.get(group, OFFICE)
    return Promise(timedelta(hours=respond), timedelta(hours=resolve), hours)


def flags(ticket: Record, now: str) -> Record:
    """Whether the promises of a ticket are broken by now. What was solved without an answer never got it."""
    stats = ticket["stats"]
    return {
        "fr_escalated": (stats["first_responded_at"] or now) > ticket["fr_due_by"],
        "is_escalated": (stats["resolved_at"] or now) > ticket["due_by"],
    }
