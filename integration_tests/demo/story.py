"""The story that the demonstration tells: what a platform does on the first day, and what it does on the next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integration_tests.connector import Message
from integration_tests.demo.commands import CommandFailed, Commands, Finished
from integration_tests.demo.readings import readings_of, table, total
from integration_tests.demo.screen import Screen, listed, short
from integration_tests.demo.truth import Snapshot, Versions
from integration_tests.demo.verdict import Sync, due_later, problems
from integration_tests.fake_freshdesk import Account, DayOfChanges, FakeFreshdesk, a_day_passes, believable_account

API_KEY = "key-of-the-demo"
"""The pretended account's. It is no secret."""


def yesterdays_account(tickets: int) -> Account:
    """A believable account whose clock is a day slow, so that the day which passes in it ends now."""
    return believable_account(tickets, now=lambda: datetime.now(UTC) - timedelta(days=1))


def demonstrate(fake: FakeFreshdesk, folder: Path, screen: Screen) -> bool:
    """Tell the whole story and leave its files in `folder`. Whether all went well; what did not is told."""
    folder.mkdir(parents=True, exist_ok=True)
    story = _Story(fake, folder, screen)
    try:
        found = story.tell()
    except CommandFailed as failure:
        found = [f"The connector says: {failure}"]
    if found:
        screen.show("\nFAILED.")
    for problem in found:
        screen.point(problem)
    screen.point(
        f"Look at the messages, and at what the commands were given, in {short(folder)}/: {listed(story.files)}."
    )
    return not found


class _Story:
    """Its steps, in their order. Each shows the command that it runs, and says what came of it.

    files: the names of those it has left so far.
    """

    def __init__(self, fake: FakeFreshdesk, folder: Path, screen: Screen) -> None:
        self.files: list[str] = []
        self._account = fake.account
        self._url = fake.url
        self._folder = folder
        self._screen = screen
        self._commands = Commands(fake.journal, screen)
        self._config = self._write("config.json", {"domain": fake.url, "api_key": API_KEY})

    def tell(self) -> list[str]:
        """What is wrong with what arrived, in sentences; nothing if all is well.

        Raises `CommandFailed` if a command fails.
        """
        self._introduce()
        self._spec()
        self._check()
        catalog = self._discover()
        streams = [entry["stream"]["name"] for entry in catalog["streams"]]
        catalog_file = self._write("catalog.json", catalog)

        before = Snapshot.of(self._account, streams)
        self._screen.show("\nThe first reading: everything.")
        first = self._read("read.jsonl", before.listed, streams, catalog=catalog_file)
        self._let_a_day_pass()
        after = Snapshot.of(self._account, streams)
        self._screen.show("\nThe second reading: what changed, going on from the last state of each stream.")
        state_file = self._write("state.json", _as_input(first.finished.run.last_states))
        due = due_later(catalog, before, after)
        second = self._read("read-again.jsonl", due, streams, catalog=catalog_file, state=state_file)

        self._screen.show("\n".join(["", *table(first.readings, second.readings)]))
        found = [*problems("first", first), *problems("second", second)]
        if not found:
            self._conclude(first, second)
            self._mention({stream: len(after.gone_since(before, stream)) for stream in streams})
        return found

    def _introduce(self) -> None:
        account = self._account
        hidden = len(account.tickets) - len(Snapshot.of(account, ()).listed["tickets"])
        self._screen.say(
            f"Here is a pretended Freshdesk account, at {self._url} on this machine. It has {len(account.tickets):,} "
            f"tickets from two years ({hidden:,} of them in the trash or marked as spam) with "
            f"{len(account.conversations):,} conversations, {len(account.contacts):,} contacts, "
            f"{len(account.companies):,} companies and {len(account.agents):,} agents. Each command below is a process "
            "of its own, as a platform such as Airbyte runs it. Nothing leaves this machine."
        )

    def _spec(self) -> None:
        self._screen.show("\nWhat does the connector need to know?")
        finished = self._commands.run("spec", self._file("spec.jsonl"))
        (spec,) = finished.run.of_type("SPEC")
        wanted = spec["connectionSpecification"]
        optional = [name for name in wanted["properties"] if name not in wanted["required"]]
        self._outcome(f"{listed(wanted['required'])}; if you like, also {listed(optional)}.", finished)

    def _check(self) -> None:
        self._screen.show("\nDo the address and the key work?")
        finished = self._commands.run("check", self._file("check.jsonl"), config=self._config)
        self._outcome("Yes.", finished)

    def _discover(self) -> dict[str, Any]:
        """The catalog of a sync of all streams."""
        self._screen.show("\nWhat is there to read?")
        finished = self._commands.run("discover", self._file("discover.jsonl"), config=self._config)
        (discovered,) = finished.run.of_type("CATALOG")
        catalog = {"streams": [_configured(stream) for stream in discovered["streams"]]}
        by_mode = {
            mode: [entry["stream"]["name"] for entry in catalog["streams"] if entry["sync_mode"] == mode]
            for mode in ("incremental", "full_refresh")
        }
        self._outcome(
            f"{len(catalog['streams'])} streams. Only what changed, from the second reading on: "
            f"{listed(by_mode['incremental'])}. Whole each time: {listed(by_mode['full_refresh'])}.",
            finished,
        )
        return catalog

    def _read(self, messages: str, expected: Mapping[str, Versions], streams: Sequence[str], **files: Path) -> Sync:
        finished = self._commands.run("read", self._file(messages), config=self._config, **files)
        readings = readings_of(finished.run, streams)
        for warning in finished.run.log("WARN").splitlines():
            self._screen.say(f"The connector warns: {warning}", "  ", "  ")
        self._outcome(f"{total(readings).records:,} records.", finished)
        return Sync(finished, readings, expected)

    def _let_a_day_pass(self) -> None:
        day = a_day_passes(self._account)
        self._screen.show("\n".join(["", "A day passes in the account.", *_changes(day)]))

    def _conclude(self, first: Sync, second: Sync) -> None:
        starts = [sync.finished.seconds - total(sync.readings).seconds for sync in (first, second)]
        self._screen.show("\nAll went well.")
        self._screen.point(
            "What arrived is what the account lists, compared by id and updated_at: in the first reading every record; "
            "in the second every new or changed one, with all conversations of the tickets that changed. None is "
            "missing, none came twice, none is out of date."
        )
        self._screen.point(
            f"The connector counts {total(first.readings).calls:,} and {total(second.readings).calls:,} API calls. "
            "The account has seen as many."
        )
        self._screen.point(
            f"The seconds are those of the streams. To start Python and the Airbyte CDK took {starts[0]:.1f} s and "
            f"{starts[1]:.1f} s more."
        )

    def _mention(self, gone: Mapping[str, int]) -> None:
        counts = [f"{stream} {count:,}" for stream, count in gone.items() if count]
        if counts:
            self._screen.point(
                f"Some records left Freshdesk's lists during the day (deleted or spam): {', '.join(counts)}. The lists "
                "do not tell which, so a destination keeps them as they were."
            )

    def _outcome(self, sentence: str, finished: Finished) -> None:
        calls = f", {finished.calls:,} API call{'' if finished.calls == 1 else 's'}" if finished.calls else ""
        self._screen.say(f"{sentence} ({finished.seconds:.1f} s{calls})", "  ", "  ")

    def _file(self, name: str) -> Path:
        self.files.append(name)
        return self._folder / name

    def _write(self, name: str, content: Any) -> Path:
        file = self._file(name)
        file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        return file


def _configured(stream: Mapping[str, Any]) -> dict[str, Any]:
    """A stream of a discovered catalog as a platform's user would choose it: incremental where that is possible."""
    if "incremental" not in stream["supported_sync_modes"]:
        return {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
    return {
        "stream": stream,
        "sync_mode": "incremental",
        "destination_sync_mode": "append_dedup",
        "cursor_field": stream["default_cursor_field"],
        "primary_key": stream["source_defined_primary_key"],
    }


def _as_input(states: Sequence[Message]) -> list[Message]:
    """State messages as a platform hands them to the next reading."""
    return [{"type": "STREAM", "stream": state["stream"]} for state in states]


def _changes(day: DayOfChanges) -> list[str]:
    """A line for each resource that changed: what happened to how many."""
    happened: dict[str, list[str]] = {}
    for field in fields(day):
        resource, _, deed = field.name.rpartition("_")
        ids = getattr(day, field.name)
        if resource and ids:
            happened.setdefault(resource, []).append(f"{len(ids):,} {deed}")
    width = max(map(len, happened), default=0)
    return [f"  {resource:{width}}  {', '.join(deeds)}" for resource, deeds in happened.items()]
