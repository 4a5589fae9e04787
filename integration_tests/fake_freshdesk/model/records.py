"""New records with every key real accounts sent in 2026 (conversations: 2023), in the order they sent them.

Each function gives the record as it is kept, with more keys than any one endpoint shows; the modules named after the
resources decide what a list and a view show.
"""

import random
import uuid
from typing import Any

from integration_tests.fake_freshdesk.model.table import Record

OPEN, PENDING, RESOLVED, CLOSED = 2, 3, 4, 5
"""Ticket statuses; section "Ticket Properties" of https://developers.freshdesk.com/api/#tickets"""

_DOUBLE_PRECISION = 2**53
_ORG_IDS_FROM = 2_090_099_548_831_106_048


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _org_id(rng: random.Random) -> int:
    """Ids of the organisation do not fit a double, so clients that read them as one round them."""
    org_id = _ORG_IDS_FROM + rng.randrange(1, 10**14)
    assert org_id > _DOUBLE_PRECISION
    return org_id


def ticket(rng: random.Random, ticket_id: int, requester_id: int, created_at: str, updated_at: str) -> Record:
    return {
        "cc_emails": [],
        "fwd_emails": [],
        "reply_cc_emails": [],
        "ticket_cc_emails": [],
        "ticket_bcc_emails": [],
        "fr_escalated": False,
        "spam": False,
        "email_config_id": None,
        "group_id": None,
        "priority": 1,
        "requester_id": requester_id,
        "responder_id": None,
        "source": 1,
        "company_id": None,
        "status": OPEN,
        "subject": f"Ticket {ticket_id}",
        "association_type": None,
        "support_email": None,
        "to_emails": None,
        "product_id": None,
        "id": ticket_id,
        "type": None,
        "due_by": None,
        "fr_due_by": None,
        "is_escalated": False,
        "description": f"<div>Ticket {ticket_id} needs an answer.</div>",
        "description_text": f"Ticket {ticket_id} needs an answer.",
        "custom_fields": {},
        "created_at": created_at,
        "updated_at": updated_at,
        "associated_tickets_count": None,
        "tags": [],
        "attachments": [],
        "source_info": None,
        "source_additional_info": None,
        "structured_description": None,
        "sentiment_score": rng.randrange(10, 96),
        "initial_sentiment_score": rng.randrange(10, 96),
        "nr_due_by": None,
        "nr_escalated": False,
        "stats": None,
        "deleted": False,
        "set_aside_at": None,
        "watcher_ids": [],
    }


def ticket_stats(status: int, created_at: str, updated_at: str) -> Record:
    """Stats that fit a ticket which went straight to its status."""
    done_at = updated_at if status in (RESOLVED, CLOSED) else None
    return {
        "agent_responded_at": None,
        "requester_responded_at": None,
        "first_responded_at": None,
        "status_updated_at": created_at if status == OPEN else updated_at,
        "reopened_at": None,
        "resolved_at": done_at,
        "closed_at": done_at if status == CLOSED else None,
        "pending_since": updated_at if status == PENDING else None,
    }


def stats_after(stats: Record, old_status: int, new_status: int, at: str) -> Record:
    """The stats of a ticket after its status changed."""
    if new_status == old_status:
        return stats
    changed = {**stats, "status_updated_at": at}
    if new_status in (RESOLVED, CLOSED):
        changed["resolved_at"] = stats["resolved_at"] or at
        changed["closed_at"] = at if new_status == CLOSED else None
    elif old_status in (RESOLVED, CLOSED):
        changed |= {"reopened_at": at, "resolved_at": None, "closed_at": None}
    changed["pending_since"] = at if new_status == PENDING else None
    return changed


def conversation(conversation_id: int, ticket_id: int, user_id: int | None, created_at: str) -> Record:
    return {
        "body": f"<div>Conversation {conversation_id}</div>",
        "body_text": f"Conversation {conversation_id}",
        "id": conversation_id,
        "incoming": False,
        "private": False,
        "user_id": user_id,
        "support_email": None,
        "source": 0,
        "category": 3,
        "to_emails": [],
        "from_email": None,
        "cc_emails": [],
        "bcc_emails": None,
        "email_failure_count": None,
        "outgoing_failures": None,
        "thread_id": None,
        "thread_message_id": None,
        "created_at": created_at,
        "updated_at": created_at,
        "last_edited_at": None,
        "last_edited_user_id": None,
        "attachments": [],
        "automation_id": None,
        "automation_type_id": None,
        "auto_response": False,
        "ticket_id": ticket_id,
        "source_additional_info": None,
    }


def contact(
    rng: random.Random, contact_id: int, name: str, company_id: int | None, created_at: str, updated_at: str
) -> Record:
    first_name, _, last_name = name.partition(" ")
    org_id = _org_id(rng)
    companies: dict[str, Any] = {} if company_id is None else {"other_companies": []}
    return {
        "active": True,
        "address": None,
        "description": None,
        "email": f"{name.lower().replace(' ', '.')}.{contact_id}@example.com",
        "id": contact_id,
        "job_title": None,
        "language": "en",
        "mobile": None,
        "name": name,
        "phone": None,
        "time_zone": "UTC",
        "twitter_id": None,
        "custom_fields": {},
        "facebook_id": None,
        "created_at": created_at,
        "updated_at": updated_at,
        "csat_rating": None,
        "preferred_source": None,
        "contact_type": "contact",
        "first_seen": None,
        "last_seen": None,
        "ip_address": None,
        "company_id": company_id,
        **companies,
        "unique_external_id": None,
        "first_name": first_name,
        "last_name": last_name,
        "visitor_id": _uuid(rng),
        "org_contact_id": org_id,
        "org_contact_id_str": str(org_id),
        "other_phone_numbers": [],
        "social_handler": [],
        "guest_name": None,
        "guest_profile_pic": None,
        "avatar": None,
        "tags": [],
        "other_emails": [],
        "view_all_tickets": None if company_id is None else False,
        "deleted": False,
        "blocked": False,
        "set_aside_at": None,
    }


def company(rng: random.Random, company_id: int, name: str, created_at: str, updated_at: str) -> Record:
    return {
        "id": company_id,
        "name": name,
        "description": None,
        "note": None,
        "domains": [],
        "created_at": created_at,
        "updated_at": updated_at,
        "custom_fields": {},
        "health_score": None,
        "account_tier": None,
        "renewal_date": None,
        "industry": None,
        "org_company_id": str(_org_id(rng)),
    }


def agent(agent_id: int, name: str, email: str, created_at: str, updated_at: str) -> Record:
    return {
        "available": False,
        "occasional": False,
        "id": agent_id,
        "ticket_scope": 1,
        "created_at": created_at,
        "updated_at": updated_at,
        "last_active_at": None,
        "available_since": None,
        "type": "support_agent",
        "contact": {
            "active": True,
            "email": email,
            "job_title": None,
            "language": "en",
            "last_login_at": None,
            "mobile": None,
            "name": name,
            "phone": None,
            "time_zone": "UTC",
            "created_at": created_at,
            "updated_at": updated_at,
        },
        "deactivated": False,
        "signature": None,
        "focus_mode": True,
        "agent_operational_status": "available",
        "api_key_enabled": True,
        "group_ids": [],
        "role_ids": [],
        "skill_ids": [],
    }
