"""Discussions: categories, forums, topics and comments (https://developers.freshdesk.com/api/#discussions)."""

from datetime import datetime, timedelta
from typing import Any

from integration_tests.fake_freshdesk.endpoints.plain import by_name, plain_list
from integration_tests.fake_freshdesk.model import moments
from integration_tests.fake_freshdesk.model.account import Account
from integration_tests.fake_freshdesk.model.table import Record

FORUMS = "Forums"

HOW_TO, IDEAS, PROBLEMS, ANNOUNCEMENTS = range(1, 5)
"""Types of a forum."""


def _newest_first(row: Record) -> float:
    return -moments.moment(row["created_at"]).timestamp()


ENDPOINTS = (
    plain_list("discussions/categories", of="discussion_categories", order=by_name, feature=FORUMS),
    plain_list(
        "discussions/categories/{forum_category_id}/forums",
        of="discussion_forums",
        child_of="discussion_categories",
        order=lambda forum: forum["position"],
        feature=FORUMS,
    ),
    plain_list(
        "discussions/forums/{forum_id}/topics",
        of="discussion_topics",
        child_of="discussion_forums",
        order=_newest_first,
        feature=FORUMS,
    ),
    plain_list(
        "discussions/topics/{topic_id}/comments",
        of="discussion_comments",
        child_of="discussion_topics",
        feature=FORUMS,
    ),
)


# Changes


def add_category(account: Account, name: str, at: datetime, **fields: Any) -> Record:
    row = {"name": name, "description": None, "created_at": at, "updated_at": at}
    return account.add("discussion_categories", **row | fields)


def add_forum(account: Account, name: str, category: Record, *, older: bool = False, **fields: Any) -> Record:
    """A forum, which has no times. With `older` it and its topics count their comments as `posts_count`."""
    row = {
        "name": name,
        "description": f"{name} of all customers",
        "position": 1 + len(account.table("discussion_forums").group("forum_category_id", category["id"])),
        "forum_category_id": category["id"],
        "forum_type": HOW_TO,
        "forum_visibility": 1,
        "topics_count": 0,
        "posts_count" if older else "comments_count": 0,
    }
    return account.add("discussion_forums", **row | fields)


def add_topic(account: Account, title: str, at: datetime, forum: Record, **fields: Any) -> Record:
    """A topic without a comment yet; the forum's `topics_count` stays true."""
    with account.lock:
        writer_id = account.key_owner()["id"]
        row = {
            "title": title,
            "forum_id": forum["id"],
            "user_id": writer_id,
            "locked": False,
            "published": True,
            "stamp_type": None,
            "replied_by": writer_id,
            "user_votes": 0,
            "merged_topic_id": None,
            _count_of_comments(forum): 0,
            "sticky": False,
            "created_at": at,
            "updated_at": at,
            "replied_at": at,
            "hits": 0,
        }
        account.change("discussion_forums", forum["id"], topics_count=forum["topics_count"] + 1)
        return account.add("discussion_topics", **row | fields)


def add_comment(account: Account, at: datetime, topic: Record, **fields: Any) -> Record:
    """A comment; the counts of the topic and its forum, and when somebody replied last, stay true."""
    with account.lock:
        forum = account.table("discussion_forums").rows[topic["forum_id"]]
        count = _count_of_comments(forum)
        row = {
            "topic_id": topic["id"],
            "created_at": at,
            "updated_at": at,
            "user_id": account.key_owner()["id"],
            "forum_id": forum["id"],
            "answer": False,
            "published": True,
            "spam": None,
            "trash": False,
            "body": f"<div>Comment {topic[count] + 1} on {topic['title']}</div>",
            "body_text": f"Comment {topic[count] + 1} on {topic['title']}",
        }
        comment = account.add("discussion_comments", **row | fields)
        replied: dict[str, Any] = {count: topic[count] + 1, "replied_at": at, "replied_by": comment["user_id"]}
        account.change("discussion_topics", topic["id"], **replied)
        account.change("discussion_forums", forum["id"], **{count: forum[count] + 1})
        return comment


def _count_of_comments(forum: Record) -> str:
    return "posts_count" if "posts_count" in forum else "comments_count"


# A community


def seed(account: Account) -> None:
    """Topics of both kinds of account, more than one page of topics and of comments, and parents without children."""
    at = account.now() - timedelta(days=300)
    community = add_category(account, "Community", at)
    problems = add_forum(account, "Report a problem", community, forum_type=PROBLEMS)
    leak = add_topic(account, "It leaks", at, problems, stamp_type=9, sticky=True, hits=44, user_votes=3)
    for number in range(130):
        add_comment(account, at + timedelta(hours=number), leak, answer=number == 7, spam=None if number % 2 else False)
    add_topic(account, "It leaks too", at, problems, locked=True, merged_topic_id=leak["id"])
    ideas = add_forum(account, "Ideas", community, forum_type=IDEAS, forum_visibility=4, company_ids=[])
    for number in range(105):
        asked_at = at + timedelta(days=number, hours=1)
        topic = add_topic(account, f"Idea {number}", asked_at, ideas, published=number != 50)
        add_comment(account, asked_at, topic)
    add_forum(account, "Nobody came", community, description=None, forum_type=ANNOUNCEMENTS)
    archive = add_category(account, "Before the move", at, description="Copied from the older help desk")
    older = add_forum(account, "Tips", archive, older=True)
    for number in range(3):
        topic = add_topic(account, f"Tip {number}", at + timedelta(days=number), older)
        for reply in range(number):
            add_comment(account, at + timedelta(days=number, hours=reply), topic)
    add_category(account, "Empty", at)
