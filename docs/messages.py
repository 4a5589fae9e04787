"""Every message of the connector, what it means and what to do about it.

The messages are found in the code; here stands what they mean. `…` is what differs from one time to the next.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from docs.markdown import table
from source_freshdesk.api.backoff import MAX_ATTEMPTS
from source_freshdesk.api.current_agent import ATTEMPTS as CURRENT_AGENT_ATTEMPTS
from source_freshdesk.api.errors import (
    CURRENT_AGENT_RULES,
    ERROR_RULES,
    HOST_NOT_FOUND,
    INVALID_RESPONSE,
    NO_CONNECTION,
    Action,
    ErrorRule,
)

CODE = Path(__file__).parent.parent / "source_freshdesk"

ANSWERS: Mapping[str, str] = {
    "The account's API call limit is reached.": "Nothing. If it comes often, other apps spend the limit too: "
    "see [limits](limits.md).",
    "The password of the agent whose API key this is has expired: sign in to Freshdesk and renew it.": "Sign in as the "
    "agent and set a new password. The key stays the same.",
    "Freshdesk does not accept the API key: copy it again from your profile settings in Freshdesk, and check that it "
    "belongs to this account and is not switched off.": "Copy the key again. It changes when the agent resets it; an "
    "administrator can switch off the keys of an agent.",
    "Freshdesk has suspended this account: settle that with Freshdesk, then sync again.": "Mostly a matter of payment, "
    "or of a trial that is over.",
    "Freshdesk has locked the agent whose API key this is after wrong passwords: unlock the agent, then sync again.": (
        "An administrator unlocks the agent. An agent of its own for the sync, whom no person signs in as, is not "
        "locked by mistyped passwords."
    ),
    "Freshdesk answers over https only: enter the account's name in 'domain', without http://.": "Enter `acme` alone.",
    "The plan of this Freshdesk account does not include it.": "Leave the stream out of the connection, or have the "
    "feature that the message names switched on in Freshdesk.",
    "The agent whose API key this is may not read it: use the key of an administrator.": "Use the key of an "
    "administrator, or leave the stream out. [Streams](streams.md) says which need one.",
    "Freshdesk refuses this call to the agent whose API key this is.": "See what Freshdesk says in the brackets. It "
    "may be the role of the agent, or the account lets in trusted addresses only.",
    "Freshdesk does not know it in this account.": "Nothing, if the account has no such thing. Old accounts lack some "
    "parts of the API.",
    "Freshdesk does not accept the call as this connector makes it.": "A mistake of the connector, or a change of the "
    "API. Report it with the line from the log; the sentence names the path and what Freshdesk says.",
    "Freshdesk took too long.": "Nothing at first. If it stays so, lower `num_workers`.",
    "The address of this account sends callers elsewhere: check 'domain', the account may have been renamed.": "Open "
    "the address in a browser and enter the freshdesk.com address that you are led to.",
    "Freshdesk is in trouble at the moment.": "Nothing at first: the next sync goes on where this one stopped. If it "
    "stays so for hours, see Freshdesk's status page.",
    "Freshdesk gave an answer that this connector does not know.": "Report it with the line from the log. Something "
    "between Airbyte and Freshdesk, such as a proxy, can be the cause.",
    "There is no Freshdesk account at this address: check 'domain'.": "Open the address in a browser. If nobody is "
    "there, the name is mistyped, or the account was renamed or closed.",
    "Freshdesk refuses this API key: check that it is the key of an active agent of this account.": "The agent may "
    "have been removed or made a contact. Use another agent's key.",
    "The address of this account cannot be found: check 'domain', or the network's name service.": "If the name is "
    "right, the machine that runs the sync cannot look up names.",
    "Freshdesk cannot be reached: check that this machine can connect to the internet.": "The machine needs to reach "
    "`https://*.freshdesk.com`, directly or by the proxy that `HTTPS_PROXY` names.",
    "Freshdesk's answer did not arrive whole.": "Nothing at first. The brackets say what was wrong with it. If a proxy "
    "stands between, it may cut answers or put pages of its own in their place.",
}
"""What to do about each sentence of the tables in `api/errors.py`."""

Advice = Mapping[str, tuple[str, str]]

SETTINGS: Advice = {
    "The setting '…' …": ("How each of the following begins, with the name of the setting.", "-"),
    "is missing. …": ("A required setting is empty.", "Enter it."),
    "is …, which is no address. …": ("`domain` is not a text, or is empty.", "Enter `acme` or `acme.freshdesk.com`."),
    "is not a host name: …. …": ("`domain` has characters or a port that no address has.", "Enter `acme`."),
    "names '…', where Freshdesk's API does not answer: it answers only on hosts that end in .freshdesk.com, also when "
    "your help desk is shown under a domain of your own. …": (
        "`domain` is your help desk's own domain, or another product's (Freshservice).",
        "Sign in as an agent: the address behind it is in Freshdesk under Admin, Portals.",
    ),
    "has more to it than an address: leave out user name, port and final dot. …": (
        "The address is right but for these.",
        "Enter `acme.freshdesk.com`.",
    ),
    "names this very machine, which needs http:// and a port. …": (
        "For trials against a pretended Freshdesk only.",
        "Enter `http://localhost:8080`, or your account.",
    ),
    "has characters that no API key has (a space, a line break, an accent). …": (
        "Something was copied along with the key, or it is no key.",
        "Copy the key again.",
    ),
    "is …, which is not a date. …": ("`start_date` is in another form.", "Enter `2024-01-31`, or leave it empty."),
    "is …, which is not a date of the calendar. …": ("As 31 February.", "Enter a day that exists."),
    "is …, which is in the future: nothing could ever be synced. …": ("-", "Enter an earlier day."),
    "is …; it must be an object with a 'plan_type'.": (
        "`rate_limit_plan`, a setting of Airbyte's own connector, is no object.",
        "As it says, or leave it out.",
    ),
    "is …; it must be one of ….": ("A plan is not among those named.", "Enter one of them, or leave it out."),
    "is …; it must be true or false.": ("A switch was given as a text.", "`true` or `false`, without quotes."),
    "is …; it must be a whole number ….": ("A number is out of its bounds, or was given as a text.", "As it says."),
}

FAILURES: Advice = {
    "The saved state of … cannot be read (…). Clear the stream's state in Airbyte, or the state file: the next sync "
    "then reads all of it again.": (
        "The state was edited by hand, or is another connector's.",
        "Clear the stream's state. States of Airbyte's own Freshdesk connector are understood.",
    ),
    "The tickets that were updated at … cannot be read completely: …. Nothing after that second was synced. Sync "
    "again; if it stays so, set 'start_date' later than that second.": (
        "So many tickets were updated in one second that Freshdesk's pages do not show all of them.",
        "Sync again while little is going on in Freshdesk. With a later `start_date`, those tickets are left out.",
    ),
    "its rows keep changing places: … passes differed": ("The reason in the message above.", "As above."),
    "it has more tickets than … pages hold": ("The reason in the message above.", "As above."),
    "Freshdesk's link to the next page …; it was not followed.": (
        "A list's next page is said to be where it cannot be. Following it might show the key to others.",
        "Report it, with the line from the log. A proxy can be the cause.",
    ),
    "cannot be read": ("The reason in the message above.", "As above."),
    "leads away from …://……": ("The reason in the message above.", "As above."),
    "leads back to a page that was read": ("The reason in the message above.", "As above."),
    "has no page number": ("The reason in the message above.", "As above."),
    "Freshdesk's link to the next records of … does not lead on; it was not followed.": (
        "The same, for custom objects.",
        "Report it.",
    ),
    "Freshdesk's link to the exported file leads to …://…, unencrypted.": (
        "The daily file of ticket activities is not served over https.",
        "Report it to Freshdesk; leave `ticket_activities` out.",
    ),
    "The link to the exported file does not open.": (
        "Three addresses in a row for a day's file had expired when they were opened.",
        "Sync again. The file is read from its start.",
    ),
    "Freshdesk does not filter its list of … by time for this account, so it is not known whether the list is "
    "complete.": (
        "Unasked, Freshdesk may leave old satisfaction ratings out, and here it does not take the question.",
        "Report it; leave `satisfaction_ratings` out.",
    ),
    "Freshdesk's list of ticket fields has none of the type ….": (
        "Status, priority or source is not among the account's ticket fields.",
        "Report it; leave `ticket_statuses`, `ticket_priorities` and `ticket_sources` out.",
    ),
}

FLAWS: Advice = {
    "… where JSON is due": ("A page or text came instead of data.", "Look for a proxy or a login page between."),
    "a body of … bytes that is cut or no JSON: …": ("The answer broke off.", "Sync again."),
    "… where a list is due": ("Another kind of data than the API promises.", "Report it if it stays so."),
    "… where an object is due": ("Another kind of data than the API promises.", "Report it if it stays so."),
    "an object without '…'": ("A row lacks its id or time.", "Report it if it stays so."),
    "an object whose '…' is no time": ("A row's time cannot be read.", "Report it if it stays so."),
    "rows that are not in order of …": ("The ticket list is not sorted as asked.", "Report it if it stays so."),
    "an answer without 'export'": ("From the export of ticket activities.", "Report it if it stays so."),
    "an export without 'url'": ("From the export of ticket activities.", "Report it if it stays so."),
    "a file without complete 'activities_data'": ("The daily file broke off.", "Sync again."),
}

WARNINGS: Advice = {
    "Stream … is skipped. …": (
        "Nothing of it was read: the plan or the key does not allow it. The other streams are read.",
        "See the sentence that follows it, above. Leave the stream out to be rid of the warning.",
    ),
    "… It needs the key of ….": ("Follows a refusal: what the stream asks of the key.", "Use such a key."),
    "… It needs the feature ….": ("Follows a refusal: what the stream asks of the plan.", "See your plan."),
    "Stream … is incomplete: rows of … may be missing. … The state does not advance; the next sync reads them again.": (
        "One list of several was refused, such as a folder that this agent may not see, or a list changed too fast to "
        "be read completely. The reason stands in the middle.",
        "If it was refused, use the key of an agent who may see it.",
    ),
    "The list kept changing while it was read (… passes).": (
        "A reason in the message above: rows came and went so fast that no two passes agreed.",
        "Nothing at first; if it stays so, sync at a quieter time.",
    ),
    "Freshdesk counts … rules of a kind and lists … of them.": (
        "A reason in the message above, for `automation_rules`.",
        "Report it.",
    ),
    "Stream … lacks those of ticket …; the next sync reads them again. …": (
        "The ticket is there, and what belongs to it is refused or could not be read completely. The state remembers "
        "the ticket.",
        "If it was refused, use the key of an agent who may see it.",
    ),
    "Stream … lacks the fields that only the page of each row contains. …": (
        "The list may be read, the page of a single row may not. The rows come with the fields of the list.",
        "Use the key of an agent who may see it.",
    ),
    "Stream … lacks … archived tickets. …": (
        "Freshdesk refuses these tickets of the archive. They are asked for again.",
        "See the sentence that follows it.",
    ),
    "Stream … may lack rows of ticket …. …": (
        "The conversations of an archived ticket changed while they were read. They are read again.",
        "Nothing.",
    ),
    "The agent whose API key this is does not see all tickets (ticket scope …, global is …). Tickets outside its scope "
    "are left out without notice. Use the key of an agent with global ticket access to sync all of them.": (
        "Said by `check`. Freshdesk gives such a key fewer tickets, and no sign of it.",
        "In Freshdesk, set the agent's ticket scope to global, or use another agent's key.",
    ),
    "Not readable: …. …": (
        "Said by `check`, for each stream that this key cannot read, and why.",
        "Leave these streams out, or use a key that can.",
    ),
    "Freshdesk does not filter its list of … by time for this account. Each sync reads the whole list and emits only "
    "what changed.": (
        "A sync of this stream costs as much as reading the whole list.",
        "Nothing; or sync it less often.",
    ),
    "… All of … is read; only what changed is emitted.": ("The same, for a custom object.", "Nothing."),
    "The account's API call limit is reached.": (
        "Freshdesk refused a call. The sync waits as long as it says.",
        "Lower `api_quota_percent` if other apps suffer.",
    ),
    "This sync has used its part of the account's API call limit….": (
        "The sync waits by itself, before Freshdesk refuses anything.",
        "Nothing. [Limits](limits.md) says how to make it shorter.",
    ),
}

NEWS: Advice = {
    "This key can read … streams: ….": ("Said by `check`.", "Choose among these."),
    "… Going on in …, at … UTC.": ("How long the wait is whose reason stands before it.", "Nothing."),
    "Still waiting, … to go.": ("Said every half minute of a long wait.", "Nothing."),
    "…: … API calls so far.": ("How far a stream is, every half minute.", "Nothing."),
    "…; about … min left at this rate.": ("For streams of tickets, how far in time they are.", "Nothing."),
    "API calls for …: … (…)": (
        "What a stream cost: calls, credits, seconds waited for the limit. First pages are fetched ahead, so a few "
        "credits may stand with the stream before.",
        "-",
    ),
    "API calls of this sync: … (…)": ("What the sync cost.", "-"),
    "API calls for the details of contacts: …": ("What `contact_details` cost.", "Turn it off if it is too much."),
    "Each new or changed contact costs one more API call, for its tags, other_emails and view_all_tickets. Switch "
    "'contact_details' off if you do not need these.": ("What `contact_details` means.", "As it says."),
    "Stream … is off, since it costs an API call for each archived or deleted ticket. Switch 'archived_tickets' on to "
    "read it.": ("The stream is chosen, but not switched on in the settings.", "As it says, or leave it out."),
    "Ticket … was deleted since it was listed; its … are skipped.": (
        "A ticket was deleted or marked as spam while the sync ran.",
        "Nothing.",
    ),
    "Stream …: … is skipped, because its parent was deleted since it was listed.": (
        "As a folder that was deleted while the sync ran.",
        "Nothing.",
    ),
    "Stream … was read today already. It is read once a day.": ("For the archive's two streams.", "Nothing."),
}

UNSAID = frozenset(
    {
        "Freshdesk does not tell how many there are.",
        "Freshdesk does not know this filter.",
        "Freshdesk does not filter these records by time.",
        "Freshdesk does not serve articles in this language.",
        "Freshdesk has no file of ticket activities.",
        "Freshdesk does not export for this key.",
        "Freshdesk refuses custom objects to this key.",
        "Freshdesk refuses what belongs to the ticket.",
    }
)
"""Sentences that are told, if at all, within a warning that stands above."""

ADVICE: Mapping[str, Advice] = {
    "settings": SETTINGS,
    "failures": FAILURES,
    "flaws": FLAWS,
    "warnings": WARNINGS,
    "news": NEWS,
}

_ACTIONS: Mapping[Action, str] = {
    Action.RETRY: f"tries {MAX_ATTEMPTS} times in about two minutes, then the stream fails",
    Action.WAIT: "waits as long as Freshdesk says, and goes on",
    Action.SKIP: "makes sure that the key is good and asks once more, then skips what is refused with a warning",
    Action.FAIL: "the stream fails, the others are read; `check` fails",
    Action.STOP: "the sync ends; `check` fails",
}


def table_of_answers() -> str:
    """What Freshdesk's answers mean: a line for each sentence."""
    everywhere = [*ERROR_RULES, HOST_NOT_FOUND, NO_CONNECTION, INVALID_RESPONSE]
    rows: dict[str, list[ErrorRule]] = {}
    for rule in (*everywhere, *CURRENT_AGENT_RULES):
        rows.setdefault(rule.message, []).append(rule)
    heads = ("message", "Freshdesk's answer", "type", "what the connector does", "what you can do")
    return table(
        heads,
        [
            (
                message,
                _answer(meanings),
                f"`{meanings[0].failure_type.value}`",
                _ACTIONS[meanings[0].action],
                ANSWERS[message],
            )
            for message, meanings in rows.items()
        ],
    )


def _answer(meanings: Sequence[ErrorRule]) -> str:
    """The status and code that a sentence is said for."""
    if meanings[0] in (HOST_NOT_FOUND, NO_CONNECTION):
        return "none"
    if meanings[0] is INVALID_RESPONSE:
        return "200"
    statuses = [rule.status for rule in meanings if rule.status is not None]
    words = _ranges(statuses) if statuses else "any other" if meanings[0].code is None else "any"
    code = f" `{meanings[0].code}`" if meanings[0].code is not None else ""
    place = " to `/agents/me`" if meanings[0] in CURRENT_AGENT_RULES else ""
    return f"{words}{code}{place}"


def _ranges(statuses: Sequence[int]) -> str:
    """`301 to 303, 307`."""
    runs: list[list[int]] = []
    for status in statuses:
        if runs and status == runs[-1][-1] + 1:
            runs[-1].append(status)
        else:
            runs.append([status])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def table_of_advice(advice: Advice) -> str:
    """A line for each message."""
    return table(("message", "what it means", "what to do"), [(said, *words) for said, words in advice.items()])


def parts() -> Mapping[str, str]:
    """What `troubleshooting.md` shows, by name."""
    tries = f"`check` tries {CURRENT_AGENT_ATTEMPTS} times, since a person may be waiting.\n"
    answers = {"answers": f"{table_of_answers()}\n{tries}"}
    return answers | {name: table_of_advice(advice) for name, advice in ADVICE.items()}


def said_in_the_code() -> Iterator[str]:
    """Every message that stands in the code."""
    for file in sorted(CODE.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            yield from filter(_is_told, map(_text, _messages_of(node)))


def _messages_of(node: ast.AST) -> Sequence[ast.expr]:
    """The texts of a statement or call that says something to the user."""
    if isinstance(node, ast.Call):
        return _messages_of_call(node)
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "message":
        return [node.value]
    if isinstance(node, ast.FunctionDef) and node.name in {"_reason", "summary", "skip_reason", "progress", "eta"}:
        return [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value is not None]
    return []


_INDEX_OF_MESSAGE: Mapping[str, int] = {
    **dict.fromkeys(("info", "warning", "_astray", "InvalidResponse", "config_error", "system_error"), 0),
    **dict.fromkeys(("_bad", "_endless", "gap"), 1),
    "ErrorRule": 4,
}
"""Calls that say something, and which of their arguments it is."""


def _messages_of_call(call: ast.Call) -> Sequence[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if isinstance(call.func, ast.Attribute) and name == "append" and getattr(call.func.value, "attr", "") == "gaps":
        return call.args
    index = _INDEX_OF_MESSAGE.get(name)
    named = [keyword.value for keyword in call.keywords if keyword.arg == "gap"]
    return named if index is None else [*call.args[index : index + 1], *named]


def _text(node: ast.expr) -> str:
    """The text with `…` for what differs, empty if it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(value) or "…" for value in node.values)
    return ""


def _is_told(text: str) -> bool:
    """Whether it has words of its own."""
    return any(character.isalpha() for character in text)
