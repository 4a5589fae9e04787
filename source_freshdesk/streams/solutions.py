"""The knowledge base: https://developers.freshdesk.com/api/#solutions"""

from collections.abc import Iterator
from dataclasses import replace

from airbyte_cdk.models import FailureType

from source_freshdesk.api.errors import Action, ErrorRule
from source_freshdesk.api.response import Row
from source_freshdesk.retrieval.child_lists import ChildList, ChildOf, Tally
from source_freshdesk.retrieval.parent_rows import KeptRows, RowsOf, read_parent
from source_freshdesk.retrieval.stable_list import StableList
from source_freshdesk.streams.configuration import Settings
from source_freshdesk.streams.incremental_list import IncrementalList

UNKNOWN_LANGUAGE = ErrorRule(
    400, None, Action.SKIP, FailureType.config_error, "Freshdesk does not serve articles in this language."
)

DEEPEST_FOLDER = 20
"""Freshdesk's own pages show fewer levels."""


class SolutionCategories(IncrementalList):
    """https://developers.freshdesk.com/api/#solution-category"""

    resource = "solutions/categories"


class SolutionFolders(IncrementalList):
    """https://developers.freshdesk.com/api/#solution-folder

    The folders of all categories, and the folders inside these, as deep as they go.
    """

    resource = "solutions/categories/{id}/folders"
    subfolders = "solutions/folders/{id}/subfolders"
    child_of = ChildOf(SolutionCategories, id_as="category_id")

    def list_rows(self, listed: StableList) -> Iterator[Row]:
        """The folders of all categories, then those inside them, level by level."""
        folders, depth = list(super().list_rows(listed)), 1
        while folders:
            yield from folders
            depth += 1
            if depth > DEEPEST_FOLDER:
                self.logger.warning(
                    f"Stream {self.name}: folders lie more than {DEEPEST_FOLDER} deep. It was read to there."
                )
                return
            inside = [
                ChildList(self.subfolders.format_map(folder), {"category_id": folder.get("category_id")})
                for folder in folders
                if folder.get("sub_folders_count")
            ]
            tally = Tally()
            folders = list(self.children.read_some(inside, listed, tally))
            if tally.refusal_of_all is not None:
                self.outcome.lack(self.subfolders, str(tally.refusal_of_all))


class SolutionArticles(IncrementalList):
    """https://developers.freshdesk.com/api/#solution-articles

    In the help desk's primary language.
    """

    resource = "solutions/folders/{id}/articles"
    child_of = ChildOf(SolutionFolders, id_as="folder_id", counted_by=("articles_count",), inherited=("category_id",))


class SolutionArticleTranslations(IncrementalList):
    """https://developers.freshdesk.com/api/#solution-articles

    In all other languages of the help desk. A translation has the id of its article.
    """

    primary_key = ["id", "language"]  # noqa: RUF012 - the CDK asks for a list
    resource = "solutions/folders/{id}/articles/{language}"
    child_of = ChildOf(
        SolutionFolders, id_as="folder_id", counted_by=("articles_count",), inherited=("category_id", "language")
    )
    needs = (RowsOf(Settings, ("supported_languages",)),)
    error_rules = (UNKNOWN_LANGUAGE,)
    feature = "Multilingual"

    def parent_rows(self) -> KeptRows:
        """Each folder in each language."""
        settings = read_parent(self.parents[1], self.outcome).rows
        languages = [language for row in settings for language in row["supported_languages"] or ()]
        if not languages:
            return KeptRows([], None)
        folders = super().parent_rows()
        return replace(
            folders, rows=[folder | {"language": language} for folder in folders.rows for language in languages]
        )
