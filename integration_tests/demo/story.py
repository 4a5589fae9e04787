"""The story that the demonstration tells: what a platform does on the first day, and what it does on the next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from integration_tests.believable.day import DayOfChanges
from integration_tests.connector import Message
from integration_tests.demo.account import RestOfTheDay, a_day_passes_everywhere
from integration_tests.demo.commands import CommandFailed, Commands, Finished
from integration_tests.demo.results import is_silent, reasons_of_silence, results_of, table, total
from integration_tests.demo.screen import Screen, listed, short
from integration_tests.demo.truth import Due, Snapshot
from integration_tests.demo.verdict import Sync, due_first, due_later, incremental_streams, problems
from integration_tests.every_resource import listed_tickets
from integration_tests.fake_freshdesk import FakeFreshdesk

API_KEY = "key-of-the-demo"
"""The simulated account's. It is no secret."""


def demonstrate(fake: FakeFreshdesk, folder: Path, screen: Screen) -> bool:
    """Tell the whole story and leave its files in `folder`. Whether all went well; what did not is printed."""
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
        self._warned: set[str] = set()
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
        self._screen.show("\nThe first sync: everything.")
        first = self._read("read.jsonl", due_first(catalog, before), catalog=catalog_file)
        self._let_a_day_pass()
        after = Snapshot.of(self._account, streams)
        self._screen.show("\nThe second sync: what changed, going on from the last state of each stream.")
        state_file = self._write("state.json", _as_input(first.finished.run.last_states))
        due = due_later(catalog, before, after)
        second = self._read("read-again.jsonl", due, catalog=catalog_file, state=state_file)

        incremental = incremental_streams(catalog)
        self._screen.show("\n".join(["", *table(first.results, second.results, incremental)]))
        self._explain_silence(first, second)
        found = [*problems("first", first), *problems("second", second)]
        if not found:
            self._conclude(first, second)
            self._mention(
                {stream: len(after.gone_since(before, stream)) for stream in streams if stream in incremental}
            )
        return found

    def _introduce(self) -> None:
        account = self._account

        def count(resource: str) -> str:
            return f"{len(account.table(resource).rows):,}"

        hidden = len(account.tickets) - len(listed_tickets(account))
        self._screen.say(
            f"Here is a simulated Freshdesk account, at {self._url} on this machine. It has {count('tickets')} tickets "
            f"from two years ({hidden:,} of them in the trash or marked as spam; {count('archived_tickets')} more are "
            f"archived) with {count('conversations')} conversations, {count('contacts')} contacts, "
            f"{count('companies')} companies and {count('agents')} agents; {count('time_entries')} time entries, "
            f"{count('satisfaction_ratings')} ratings, {count('solution_articles')} articles and "
            f"{count('discussion_topics')} topics of a forum; and something of every other resource. Each command "
            "below is a process of its own, as a platform such as Airbyte runs it. Nothing leaves this machine."
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
        self._warn(finished)
        self._outcome("Yes.", finished)

    def _discover(self) -> dict[str, Any]:
        """The catalog of a sync of all streams."""
        self._screen.show("\nWhat is there to read?")
        finished = self._commands.run("discover", self._file("discover.jsonl"), config=self._config)
        (discovered,) = finished.run.of_type("CATALOG")
        catalog = {"streams": [_configured(stream) for stream in discovered["streams"]]}
        count, later = len(catalog["streams"]), len(incremental_streams(catalog))
        self._outcome(
            f"{count} streams. Of {later} of them only what changed comes, from the second sync on; the other "
            f"{count - later} come whole each time.",
            finished,
        )
        return catalog

    def _read(self, messages: str, due: Mapping[str, Due], **files: Path) -> Sync:
        finished = self._commands.run("read", self._file(messages), config=self._config, **files)
        results = results_of(finished.run, list(due))
        self._warn(finished)
        self._outcome(f"{total(results).records:,} records.", finished)
        return Sync(finished, results, due)

    def _warn(self, finished: Finished) -> None:
        """Show what the connector warns of, each warning once in the whole story."""
        warnings = dict.fromkeys(finished.run.log("WARN").splitlines())
        for warning in [warning for warning in warnings if warning not in self._warned]:
            self._screen.say(f"The connector warns: {warning}", "  ", "  ")
        self._warned.update(warnings)

    def _let_a_day_pass(self) -> None:
        days = a_day_passes_everywhere(self._account)
        self._screen.show("\n".join(["", "A day passes in the account.", *_changes(*days)]))

    def _explain_silence(self, first: Sync, second: Sync) -> None:
        """Name the streams that are not in the table, and say why, as the connector does."""
        reasons = reasons_of_silence(first.finished.run)
        silent: dict[str, list[str]] = {}
        for stream in first.results:
            if is_silent(stream, first.results, second.results):
                silent.setdefault(reasons.get(stream, "silent, and the log does not say why."), []).append(stream)
        for reason, streams in silent.items():
            self._screen.say(f"Not in the table: {listed(streams)}. Each is {reason}")

    def _conclude(self, first: Sync, second: Sync) -> None:
        starts = [sync.finished.seconds - total(sync.results).seconds for sync in (first, second)]
        self._screen.show("\nAll went well.")
        self._screen.point(
            "What arrived is what the account lists, compared by primary key and, where records tell it, updated_at: "
            "in the first sync every record; in the second every new or changed one, with all that belongs to the "
            "tickets that changed, and the whole of the streams that are read in full. None is missing, none came "
            "twice, none is out of date."
        )
        if repeated := second.repeated():
            self._screen.point(
                f"{repeated:,} of the second had come in the first already. They belong to tickets that changed within "
                "five minutes before it, which are looked at once more."
            )
        self._screen.point(
            f"The connector counts {total(first.results).calls:,} and {total(second.results).calls:,} API calls. "
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
                f"Some records are gone from Freshdesk since the first sync: {', '.join(counts)}. A destination keeps "
                "them as they were. Tickets in the trash or marked as spam came again, and say so."
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
    """State messages as a platform hands them to the next sync."""
    return [{"type": "STREAM", "stream": state["stream"]} for state in states]


def _changes(*parts: DayOfChanges | RestOfTheDay) -> list[str]:
    """A line for each resource that changed: what happened to how many."""
    happened: dict[str, list[str]] = {}
    for part in parts:
        for field in fields(part):
            resource, _, deed = field.name.rpartition("_")
            ids = getattr(part, field.name)
            if resource and ids:
                happened.setdefault(resource, []).append(f"{len(ids):,} {deed}")
    width = max(map(len, happened), default=0)
    return [f"  {resource:{width}}  {', '.join(deeds)}" for resource, deeds in happened.items()]
