"""The knowledge base: https://developers.freshdesk.com/api/#solutions"""

from collections.abc import Iterator

from airbyte_cdk.models import FailureType

from source_freshdesk.api.errors import Action, ErrorRule
from source_freshdesk.api.freshdesk_api import FreshdeskApi
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.streams.child_list import IncrementalChildList, Tally
from source_freshdesk.streams.configuration import Settings
from source_freshdesk.streams.incremental_list import IncrementalList

UNKNOWN_LANGUAGE = ErrorRule(
    400, None, Action.SKIP, FailureType.config_error, "Freshdesk does not serve articles in this language."
)


class SolutionCategories(IncrementalList):
    """https://developers.freshdesk.com/api/#solution-category"""

    resource = "solutions/categories"


class SolutionFolders(IncrementalChildList):
    """https://developers.freshdesk.com/api/#solution-folder

    The folders of all categories, and the folders inside these, as deep as they go.
    """

    resource = "solutions/categories/{id}/folders"
    subfolders = "solutions/folders/{id}/subfolders"
    parent_id_as = "category_id"

    def _rows(self, listing: StableList) -> Iterator[Row]:
        folders = list(super()._rows(listing))
        while folders:
            yield from folders
            inside = [
                (self.subfolders.format_map(folder), {"category_id": folder.get("category_id")})
                for folder in folders
                if folder.get("sub_folders_count")
            ]
            tally = Tally()
            folders = list(self._rows_of_all(inside, listing, tally))
            if tally.refusal_of_all is not None:
                self.is_partial = True
                self.logger.warning(
                    f"Stream {self.name} goes without some folders inside others. {tally.refusal_of_all}"
                )


class SolutionArticles(IncrementalChildList):
    """https://developers.freshdesk.com/api/#solution-articles

    In the help desk's primary language.
    """

    resource = "solutions/folders/{id}/articles"
    counted_by = ("articles_count",)
    parent_id_as = "folder_id"
    inherited = ("category_id",)


class SolutionArticleTranslations(IncrementalChildList):
    """https://developers.freshdesk.com/api/#solution-articles

    In all other languages of the help desk. A translation has the id of its article.
    """

    primary_key = ["id", "language"]  # noqa: RUF012 - the CDK asks for a list
    resource = "solutions/folders/{id}/articles/{language}"
    counted_by = ("articles_count",)
    parent_id_as = "folder_id"
    inherited = ("category_id", "language")
    error_rules = (UNKNOWN_LANGUAGE,)
    feature = "Multilingual"

    def __init__(self, api: FreshdeskApi, folders: SolutionFolders, settings: Settings) -> None:
        super().__init__(api, parents=[folders, settings])
        settings.retain("supported_languages")

    def parent_rows(self) -> list[Row]:
        """Each folder in each language."""
        settings = self.parents[1]
        languages = [language for row in settings.cached_rows() for language in row["supported_languages"] or ()]
        if not languages:
            self.refusal = settings.refusal
            return []
        return [{**folder, "language": language} for folder in super().parent_rows() for language in languages]
