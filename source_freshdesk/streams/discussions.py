"""The forums: https://developers.freshdesk.com/api/#discussions"""

from source_freshdesk.streams.child_list import ChildList, IncrementalChildList
from source_freshdesk.streams.incremental_list import IncrementalList

FORUMS = "Forums"


class DiscussionCategories(IncrementalList):
    """https://developers.freshdesk.com/api/#discussions"""

    resource = "discussions/categories"
    feature = FORUMS


class DiscussionForums(ChildList):
    """https://developers.freshdesk.com/api/#discussions

    Read in full each time: forums tell no times.
    """

    resource = "discussions/categories/{id}/forums"
    parent_id_as = "forum_category_id"
    feature = FORUMS


class DiscussionTopics(IncrementalChildList):
    """https://developers.freshdesk.com/api/#discussions"""

    resource = "discussions/forums/{id}/topics"
    counted_by = ("topics_count",)
    parent_id_as = "forum_id"
    feature = FORUMS


class DiscussionComments(IncrementalChildList):
    """https://developers.freshdesk.com/api/#discussions"""

    resource = "discussions/topics/{id}/comments"
    counted_by = ("comments_count", "posts_count")
    parent_id_as = "topic_id"
    feature = FORUMS
