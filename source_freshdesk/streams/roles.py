"""Roles and skills of agents: https://developers.freshdesk.com/api/#roles"""

from collections.abc import Mapping
from typing import Any

from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import RowList
from source_freshdesk.retrieval.access import ADMINISTRATOR
from source_freshdesk.retrieval.known_path import KnownPath
from source_freshdesk.retrieval.page import Page
from source_freshdesk.streams.base import FreshdeskStream
from source_freshdesk.streams.incremental_list import IncrementalList


class Roles(IncrementalList):
    """https://developers.freshdesk.com/api/#roles"""

    resource = "roles"
    role = ADMINISTRATOR


class Skills(FreshdeskStream):
    """https://developers.freshdesk.com/api/#skills

    Read in full each time: it is not known whether a change of agents changes `updated_at`.
    """

    resource = "admin/skills"
    older_resource = "skills"
    shape = RowList(under="skills")
    page_size = None
    feature = "Skill Based Round Robin"
    role = ADMINISTRATOR

    def __init__(self, api: FreshdeskApi, **kwargs: Any) -> None:
        super().__init__(api, **kwargs)
        self._paths = KnownPath((self.resource, self.older_resource))

    def fetch(
        self, stream_slice: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Page:
        """One page, at the path that the account knows."""
        return self._paths.fetch(lambda path: FreshdeskStream.fetch(self, {"path": path}, query, **kwargs))
