"""Discussions: categories, forums, topics, comments."""

from integration_tests.fake_freshdesk import Account, FakeFreshdesk
from integration_tests.fake_freshdesk_tests.sections.requests_made import id_of, rows


def test_every_comment_is_reached_from_above(account: Account, fake: FakeFreshdesk) -> None:
    reached = []
    for category in rows(fake, "discussions/categories"):
        for forum in rows(fake, f"discussions/categories/{category['id']}/forums"):
            topics = rows(fake, f"discussions/forums/{forum['id']}/topics")
            assert len(topics) == forum["topics_count"]
            for topic in topics:
                comments = rows(fake, f"discussions/topics/{topic['id']}/comments")
                assert len(comments) == topic.get("comments_count", topic.get("posts_count"))
                reached += [comment["id"] for comment in comments]
    assert sorted(reached) == sorted(account.table("discussion_comments").rows)


def test_topics_are_sorted_newest_first(account: Account, fake: FakeFreshdesk) -> None:
    topics = rows(fake, f"discussions/forums/{id_of(account, 'discussion_forums', 'Ideas')}/topics")
    created = [topic["created_at"] for topic in topics]
    assert len(created) == 105
    assert created == sorted(created, reverse=True)


def test_an_older_account_counts_comments_by_another_name(account: Account, fake: FakeFreshdesk) -> None:
    older = rows(fake, f"discussions/forums/{id_of(account, 'discussion_forums', 'Tips')}/topics")
    assert {"posts_count"} == {"posts_count", "comments_count"} & set(older[0])
    newer = rows(fake, f"discussions/forums/{id_of(account, 'discussion_forums', 'Ideas')}/topics")
    assert {"comments_count"} == {"posts_count", "comments_count"} & set(newer[0])


def test_a_forum_has_no_times(account: Account, fake: FakeFreshdesk) -> None:
    category_id = id_of(account, "discussion_categories", "Community")
    forums = rows(fake, f"discussions/categories/{category_id}/forums")
    assert not [key for forum in forums for key in forum if key.endswith("_at")]
