"""Roles and skills of agents: https://developers.freshdesk.com/api/#roles"""

from collections.abc import Mapping
from typing import Any

import requests

from source_freshdesk.api.errors import ResourceUnavailable
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import RowList
from source_freshdesk.streams.base import ADMINISTRATOR, FreshdeskStream, Page
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

    def __init__(self, api: FreshdeskApi) -> None:
        self._known_resource = self.resource
        super().__init__(api)

    def fetch(self, stream_slice: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None) -> Page:
        """One page, at the path that the account knows."""
        try:
            return super().fetch(stream_slice, query)
        except ResourceUnavailable as refused:
            if refused.status != requests.codes.not_found or self._known_resource == self.older_resource:
                raise
            self._known_resource = self.older_resource
            return super().fetch(stream_slice, query)

    def path(self, **_: Any) -> str:
        """The list's path below the API's, as far as that is known."""
        return self._known_resource
