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

## Set up Freshdesk

1. Sign in to Freshdesk as the agent whose key you want to use: an administrator with global ticket scope.
2. Click your picture at the top right, then **Profile settings**.
3. Click **View API key**, solve the captcha and copy the key.

## Set up the Freshdesk connector in Airbyte

### For Airbyte Cloud:

1. [Log into your Airbyte Cloud](https://cloud.airbyte.com/workspaces) account.
2. Click Sources and then click + New source.
3. On the Set up the source page, select Freshdesk from the Source type dropdown.
4. Enter a name for the Freshdesk connector.

Airbyte's catalog has another connector of this name. An organization that may use custom connectors adds this one first:
**Settings**, **Sources**, **New connector**.

### For Airbyte Open Source:

1. Navigate to the Airbyte Open Source dashboard.
2. Build the image (`docker build -t source-freshdesk:dev .`) and bring it to your Airbyte: push it to a registry that it
   pulls from, or load it into the cluster of `abctl` with `kind load docker-image source-freshdesk:dev --name airbyte-abctl`.
3. Open **Settings**, **Sources**, **New connector**, **Add a new Docker connector**, and enter the image and its tag.
4. Open **Sources**, **New source**, and choose it.

### Fill in the form

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
        "# Freshdesk\n\n<HideInUI>\n\nThis page contains the setup guide and reference information for the "
        "[Freshdesk](https://www.freshdesk.com) source connector.\n\n</HideInUI>\n\n"
        "## Prerequisites\n\n- A Freshdesk account, and its address as the Freshdesk Domain\n- The API Key of an agent; what "
        f"each stream needs of the key and of the plan:\n\n{needs}\n{SET_UP}{form}\n"
        "## Supported sync modes\n\nThe Freshdesk source connector supports the following [sync "
        "modes](https://docs.airbyte.com/cloud/core-concepts/#connection-sync-modes):\n\n"
        "- Full Refresh, Overwrite and Append\n- Incremental, Append and Append + Deduped\n\n"
        f"[Syncing](syncing.md) says which to choose, and what a state holds.\n\n## Supported Streams\n\n{listed}\n"
        "[Streams](streams.md) has every field, [joins](joins.md) how they join.\n\n"
        "## IP allow list\n\nIf you use Airbyte Cloud and your organization restricts access to specific IPs, add the "
        "[Airbyte Cloud IP addresses](https://docs.airbyte.com/platform/operating-airbyte/ip-allowlist) to your allow "
        "list.\n\nIn Freshdesk it is under **Admin**, **Security**, **IP whitelisting**. [Security](security.md) says what the "
        "connector talks to.\n\n"
        f"### Performance considerations\n\nThe rate limit of the account decides:\n\n{costs.parts()['limits']}\n"
        "It is read from Freshdesk's answers. A sync uses the share of it that the form names, waits when that "
        "is used, and heeds `Retry-After` of a 429. [Limits and costs](limits.md) says how long a first sync and an hourly "
        f"sync take.\n\n## Data type map\n\n{table(('Freshdesk', 'Airbyte', 'notes'), DATA_TYPES)}\n"
        f"## Limitations & Troubleshooting\n\n{LIMITATIONS}\n"
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
