"""Finds every message of the connector in its code, and writes what to do about it."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from docs.advice import ADVICE
from docs.advice_on_errors import ANSWERS
from docs.advice_on_warnings import Advice
from docs.markdown import table
from source_freshdesk.api.backoff import MAX_ATTEMPTS
from source_freshdesk.api.current_agent import ATTEMPTS as CURRENT_AGENT_ATTEMPTS
from source_freshdesk.api.errors import (
    CURRENT_AGENT_RULES,
    ERROR_RULES,
    INVALID_RESPONSE,
    RULES_WITHOUT_RESPONSE,
    Action,
    ErrorRule,
)

CODE = Path(__file__).parent.parent / "source_freshdesk"

_ACTIONS: Mapping[Action, str] = {
    Action.RETRY: f"tries {MAX_ATTEMPTS} times in about two minutes, then the stream fails",
    Action.WAIT: "waits as long as Freshdesk says, and goes on",
    Action.SKIP: "makes sure that the key is good and asks once more, then skips what is refused with a warning",
    Action.FAIL: "the stream fails, the others are read; `check` fails",
    Action.STOP: "the sync ends; `check` fails",
}


def table_of_answers() -> str:
    """What Freshdesk's answers mean: a line for each sentence."""
    everywhere = [*ERROR_RULES, *RULES_WITHOUT_RESPONSE, INVALID_RESPONSE]
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
    if meanings[0] in RULES_WITHOUT_RESPONSE:
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
    if isinstance(node, ast.FunctionDef) and node.name in {"_reason", "need", "progress", "eta"}:
        return [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value is not None]
    return []


_INDEX_OF_MESSAGE: Mapping[str, int] = {
    **dict.fromkeys(
        ("info", "warning", "_astray", "InvalidResponse", "config_error", "system_error", "transient_error"), 0
    ),
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
