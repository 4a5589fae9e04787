"""The forums: https://developers.freshdesk.com/api/#discussions"""

from source_freshdesk.retrieval.child_lists import ChildOf
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental_list import IncrementalList

FORUMS = "Forums"


class DiscussionCategories(IncrementalList):
    """https://developers.freshdesk.com/api/#discussions"""

    resource = "discussions/categories"
    feature = FORUMS


class DiscussionForums(FreshdeskStream):
    """https://developers.freshdesk.com/api/#discussions

    Read in full each time: forums carry no times.
    """

    resource = "discussions/categories/{id}/forums"
    child_of = ChildOf(DiscussionCategories, id_as="forum_category_id")
    feature = FORUMS


class DiscussionTopics(IncrementalList):
    """https://developers.freshdesk.com/api/#discussions"""

    resource = "discussions/forums/{id}/topics"
    child_of = ChildOf(DiscussionForums, id_as="forum_id", counted_by=("topics_count",))
    feature = FORUMS


class DiscussionComments(IncrementalList):
    """https://developers.freshdesk.com/api/#discussions"""

    resource = "discussions/topics/{id}/comments"
    child_of = ChildOf(DiscussionTopics, id_as="topic_id", counted_by=("comments_count", "posts_count"))
    feature = FORUMS
