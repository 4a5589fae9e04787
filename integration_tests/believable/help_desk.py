"""A believable account: two years of a help desk, the same for the same seed."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate

from integration_tests.believable import wording
from integration_tests.believable.aftermath import rate_tickets, write_down_time
from integration_tests.believable.desk import add_calendars, add_roles, furnish
from integration_tests.believable.story import Team, add_ticket_with_its_story
from integration_tests.fake_freshdesk.model.account import Account

DAYS = 730
AGENTS, COMPANIES, CONTACTS = 25, 80, 600

TICKETS_PER_LONG_ONE = 1000
"""One ticket in so many has more conversations than fit on a page."""

_WEIGHT_OF_WEEKDAY = (1.2, 1.05, 1.0, 1.0, 0.9, 0.25, 0.15)
_WEIGHT_OF_HOUR = (1, 1, 1, 1, 1, 2, 5, 12, 22, 28, 28, 24, 18, 22, 26, 24, 20, 14, 8, 5, 4, 3, 2, 1)
_GROWTH = 0.8
"""By how much the last day is busier than the first."""


def believable_account(
    tickets: int = 3000, now: datetime | Callable[[], datetime] = lambda: datetime.now(UTC), seed: int | str = 0
) -> Account:
    """So many tickets with their conversations, the people and companies they are about, and the desk itself."""
    account = Account(now=now, seed=seed)
    founded = account.now() - timedelta(days=DAYS + 30)
    _add_groups_and_products(account, founded)
    role_ids = [role["id"] for role in add_roles(account, founded)]
    _add_agents(account, founded, role_ids)
    _add_companies(account, founded)
    _add_contacts(account, founded)
    team = Team.of(account)
    for place, created in enumerate(busy_moments(account.random, account.now(), DAYS, tickets)):
        is_long = place % TICKETS_PER_LONG_ONE == TICKETS_PER_LONG_ONE // 10
        add_ticket_with_its_story(account, team, created, is_long=is_long)
    furnish(account, founded)
    # With dice of their own, so that the tickets of a seed stay what they are when these change.
    write_down_time(account, random.Random(f"time entries {seed}"))
    rate_tickets(account, random.Random(f"ratings {seed}"))
    return account


def busy_moments(rng: random.Random, end: datetime, days: int, count: int) -> list[datetime]:
    """So many moments of the days before `end`, in order: mostly in business hours, more from year to year."""
    # Twice as many as asked for, because those of today that are still to come fall away.
    midnight = datetime.combine(end.date(), time(), tzinfo=end.tzinfo)
    dates = [midnight - timedelta(days=ago) for ago in range(days, -1, -1)]
    day_weights = accumulate(
        _WEIGHT_OF_WEEKDAY[date.weekday()] * (1 + _GROWTH * place / days) for place, date in enumerate(dates)
    )
    chosen_days = rng.choices(dates, cum_weights=list(day_weights), k=2 * count)
    chosen_hours = rng.choices(range(24), _WEIGHT_OF_HOUR, k=2 * count)
    moments = (
        day + timedelta(hours=hour, seconds=rng.randrange(3600))
        for day, hour in zip(chosen_days, chosen_hours, strict=True)
    )
    start = end - timedelta(days=days)
    return sorted([moment for moment in moments if start < moment < end][:count])


def _some_time_since(rng: random.Random, founded: datetime) -> datetime:
    return founded + timedelta(days=rng.uniform(0, DAYS))


def _add_groups_and_products(account: Account, founded: datetime) -> None:
    times = {"created_at": founded, "updated_at": founded}
    calendar_ids = add_calendars(account, founded)
    for name in wording.GROUPS:
        account.add(
            "groups",
            name=name,
            description=None,
            escalate_to=None,
            unassigned_for="30m",
            business_hour_id=calendar_ids[name],
            group_type="support_agent_group",
            **times,
            auto_ticket_assign=0,
            agent_availability_status=False,
            agent_ids=[],
        )
    for name in wording.PRODUCTS:
        account.add("products", name=name, description=None, **times)


def _add_agents(account: Account, founded: datetime, role_ids: Sequence[int]) -> None:
    rng = account.random
    groups = list(account.table("groups").rows.values())
    for place in range(AGENTS):
        name = f"{rng.choice(wording.FIRST_NAMES)} {rng.choice(wording.LAST_NAMES)}"
        hired = founded + timedelta(days=place * 20)
        # Every group has somebody; some agents are in two.
        own_groups = [groups[place % len(groups)], *rng.sample(groups, k=rng.choice((0, 0, 1)))]
        agent = account.add_agent(
            name=name,
            email=f"{name.lower().replace(' ', '.')}.{place + 1}@brightleaf.example.com",
            created_at=hired,
            updated_at=hired + timedelta(days=rng.uniform(0, 200)),
            occasional=place % 8 == 7,
            ticket_scope=1 if place % 5 else 2,
            signature=f"<div>{name}<br>Brightleaf Coffee Machines</div>" if place % 3 else None,
            group_ids=sorted({group["id"] for group in own_groups}),
            role_ids=[role_ids[0 if place == 0 else 1 + place % 2]],
        )
        for group in own_groups:
            account.change("groups", group["id"], agent_ids=sorted({*group["agent_ids"], agent["id"]}))


def _add_companies(account: Account, founded: datetime) -> None:
    rng = account.random
    pairs = [(first, last) for first in wording.COMPANY_FIRST_WORDS for last in wording.COMPANY_LAST_WORDS]
    for first, last in rng.sample(pairs, COMPANIES):
        created = _some_time_since(rng, founded)
        account.add_company(
            name=f"{first} {last}",
            description=f"{first} {last}, customer since {created:%B %Y}.",
            domains=[f"{first.lower()}-{last.lower()}.example.com"],
            created_at=created,
            updated_at=created + timedelta(days=rng.choice((0, 0, rng.uniform(0, 30)))),
            custom_fields={"machines": rng.randint(1, 40), "region": rng.choice(("north", "south", None))},
            health_score=rng.choice((*wording.HEALTH_SCORES, None)),
            account_tier=rng.choice((*wording.ACCOUNT_TIERS, None)),
            renewal_date=f"{created + timedelta(days=3 * 365):%Y-%m-%d}T00:00:00Z" if rng.random() < 0.5 else None,
            industry=rng.choice((*wording.INDUSTRIES, None)),
        )


def _add_contacts(account: Account, founded: datetime) -> None:
    rng = account.random
    companies = list(account.companies.values())
    for number in range(1, CONTACTS + 1):
        name = f"{rng.choice(wording.FIRST_NAMES)} {rng.choice(wording.LAST_NAMES)}"
        company = rng.choice(companies) if rng.random() < 0.8 else None
        domain = company["domains"][0] if company else "example.com"
        created = _some_time_since(rng, founded)
        account.add_contact(
            name=name,
            email=f"{name.lower().replace(' ', '.')}.{number}@{domain}",
            company_id=company["id"] if company else None,
            active=rng.random() < 0.7,
            job_title=rng.choice((*wording.JOB_TITLES, None)),
            phone=f"+1555{rng.randint(10**6, 10**7 - 1)}" if rng.random() < 0.4 else None,
            time_zone=rng.choice(wording.TIME_ZONES),
            preferred_source=rng.choice(("email", "portal", "phone", None)),
            custom_fields={"newsletter": rng.random() < 0.5},
            tags=["vip"] if rng.random() < 0.05 else [],
            created_at=created,
            updated_at=created + timedelta(days=rng.choice((0, 0, rng.uniform(0, 30)))),
            deleted=rng.random() < 0.02,
            blocked=rng.random() < 0.01,
        )
