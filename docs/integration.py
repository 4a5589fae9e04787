"""The page that Airbyte shows beside the form: `docs/integration.md`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docs import costs
from docs.markdown import table
from source_freshdesk.streams.base import FreshdeskStream

ROOT = Path(__file__).parent.parent
DATA_TYPES = (
    ("`integer`", "`integer`", "Ids may be larger than 32 bits."),
    ("`number`", "`number`", ""),
    ("`string`", "`string`", "HTML as Freshdesk sends it; `description_text` and `body_text` are plain text."),
    ("`boolean`", "`boolean`", ""),
    ("date and time", "`timestamp_with_timezone`", "In UTC."),
    ("`array`", "`array`", ""),
    ("`object`", "`object`", "Custom fields are described one by one, with their types."),
)
LIMITATIONS = """\
- Freshdesk grants an account a number of API calls a minute. A sync waits when its share of them is used, and goes on by
  itself; see [limits and costs](limits.md).
- A stream that the plan of the account does not include is skipped with a warning. One that the role of the key's agent
  may not read is skipped too, but fails where the destination would overwrite its table.
- Conversations, watchers, associations and summaries cost a call for each new or changed ticket.
- Deleted tickets, spam, and deleted or blocked contacts come as rows that say so (soft delete). Other rows that are deleted
  stay as they were last seen; a full refresh that overwrites removes them.
- Archived tickets are in no list of Freshdesk. The streams `archived_tickets` and `archived_ticket_conversations` look for
  them if you switch that on.

Every message of the log, with what to do: [troubleshooting](troubleshooting.md).
"""
SET_UP = """\
## Setup guide

### Step 1: Get the API key of an agent

1. Sign in to Freshdesk as the agent whose key you want to use: an administrator with global ticket scope.
2. Click your picture at the top right, then **Profile settings**.
3. Click **View API key**, solve the captcha and copy the key.

### Step 2: Set up the source

<!-- env:cloud -->

#### For Airbyte Cloud:

This connector is not in the catalog of Airbyte Cloud. An organization that may use custom connectors adds it under
**Settings**, **Sources**, **New connector**.

<!-- /env:cloud -->

<!-- env:oss -->

#### For Airbyte Open Source:

1. Build the image (`docker build -t source-freshdesk:dev .`) and bring it to your Airbyte: push it to a registry that it
   pulls from, or load it into the cluster of `abctl` with `kind load docker-image source-freshdesk:dev --name airbyte-abctl`.
2. Open **Settings**, **Sources**, **New connector**, **Add a new Docker connector**, and enter the image and its tag.
3. Open **Sources**, **New source**, and choose it.

<!-- /env:oss -->

Then fill in the form and click **Set up source**:

"""


def page(streams: Sequence[FreshdeskStream], settings: Mapping[str, Any], changes: str, needs: str) -> str:
    """The page. settings: the spec's connectionSpecification. changes: of CHANGELOG.md. needs: a table."""
    required, properties = settings["required"], settings["properties"]
    shown = {name: content for name, content in properties.items() if not content.get("airbyte_hidden")}
    form = "".join(
        f"- **{content['title']}**{'' if name in required else ' (optional)'}: {content['description']}\n"
        for name, content in shown.items()
    )
    listed = "".join(
        f"- [{stream.name}](streams.md#{stream.name}) ({', '.join(_modes(stream))})\n" for stream in streams
    )
    return (
        "# Freshdesk\n\nWritten by `make docs`. This page says how to set up the Freshdesk source connector and what it "
        "reads: tickets, conversations, contacts, companies, agents and every other resource of Freshdesk's API.\n\n"
        "## Prerequisites\n\n- A Freshdesk account, by its freshdesk.com address\n- The API key of an agent; what each "
        f"stream needs of the key and of the plan:\n\n{needs}\n{SET_UP}{form}\n"
        "## Supported sync modes\n\nThe Freshdesk source connector supports the following sync modes:\n\n"
        "- Full Refresh, Overwrite and Append\n- Incremental, Append and Append + Deduped\n\n"
        f"[Syncing](syncing.md) says which to choose, and what a state holds.\n\n## Supported streams\n\n{listed}\n"
        f"## Performance considerations\n\n### Rate limits\n\n{costs.parts()['limits']}\n"
        "The rate limit is read from Freshdesk's answers. A sync uses the share of it that the form names, waits when that "
        "is used, and heeds `Retry-After` of a 429. [Limits and costs](limits.md) says how long a first sync and an hourly "
        f"sync take.\n\n## Data type map\n\n{table(('Freshdesk', 'Airbyte', 'notes'), DATA_TYPES)}\n"
        f"## Limitations & Troubleshooting\n\n{LIMITATIONS}\n## IP allow list\n\nIf the account allows calls from named "
        "addresses only, add those of your Airbyte: in Freshdesk under **Admin**, **Security**, **IP whitelisting**. Airbyte "
        "Cloud's addresses are in [its documentation](https://docs.airbyte.com/platform/operating-airbyte/ip-allowlist).\n\n"
        "## Reference\n\n- [Every stream with its fields](streams.md)\n- [How the streams join](joins.md)\n"
        "- [Security](security.md)\n- [Freshdesk's API](https://developers.freshdesk.com/api/)\n\n"
        f"## Changelog\n\n<details>\n  <summary>Expand to review</summary>\n\n{changes}\n</details>\n"
    )


def _modes(stream: FreshdeskStream) -> Sequence[str]:
    return [mode.value.replace("_", " ") for mode in stream.as_airbyte_stream().supported_sync_modes]


def table_of_versions(changelog: str) -> str:
    """A line for each version that CHANGELOG.md has, newest first: its number, its date and its first sentence."""
    rows = []
    for section in changelog.split("\n## ")[1:]:
        version, _, date = section.partition("\n")[0].partition(" - ")
        if date:
            first = section.partition("\n- ")[2].partition("\n- ")[0].partition(". ")[0]
            rows.append((version, date, " ".join(first.split()).rstrip(".") + "."))
    return table(("Version", "Date", "Subject"), rows)
