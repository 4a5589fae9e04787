"""Draws the form that the spec becomes, as Airbyte lays it out, and takes its picture: `make form`.

How Airbyte lays it out: a card for each group; within a card the required fields and those marked `always_show`, by
`order`; the rest below them, under "Optional fields"
(https://docs.airbyte.com/platform/connector-development/connector-specification-reference). Airbyte shows the help when
one points at a title. On the picture all of it is open.
"""

import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SPEC = HERE.parent.parent / "source_freshdesk" / "spec.json"
PICTURE = HERE / "form.png"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-lcd-text",
)
WIDTH, SHARPNESS = 720, 1.05

END_OF_PNG = 12
"""How many bytes the last piece of a PNG file takes: https://www.w3.org/TR/png-3/#11IEND"""

STYLE = """
body { margin: 0; background: #f8f8fb; color: #1a194d; font: 14px/1.45 "DejaVu Sans", Arial, sans-serif; }
main { padding: 28px 32px; display: grid; gap: 18px; }
h1 { margin: 0; font-size: 20px; }
h2 { margin: 0 0 4px; font-size: 16px; }
section { background: #fff; border: 1px solid #e8e8ed; border-radius: 10px; padding: 20px 24px; }
section { display: grid; gap: 18px; }
.head { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; }
label { font-weight: bold; }
.mark, .form { font-weight: normal; color: #717189; font-size: 12px; }
.mark { margin-left: 6px; }
.required { color: #c2253c; }
.help { margin: 3px 0 7px; color: #4f4f69; font-size: 12.5px; }
input { box-sizing: border-box; width: 100%; padding: 9px 12px; border: 1px solid #d1d1db; border-radius: 6px;
        background: #fff; font: inherit; color: inherit; }
input::placeholder { color: #a6a6bd; }
.head:has(.switch) { align-items: center; }
.switch { flex: none; width: 34px; height: 20px; border-radius: 10px; background: #d1d1db; position: relative; }
.switch::after { content: ""; position: absolute; top: 2px; left: 2px; width: 16px; height: 16px; border-radius: 50%;
                 background: #fff; }
.switch.on { background: #615eff; }
.switch.on::after { left: 16px; }
details { border-top: 1px solid #e8e8ed; padding-top: 14px; }
summary { color: #615eff; font-weight: bold; }
details > div { display: grid; gap: 18px; margin-top: 14px; }
"""

Field = tuple[str, Mapping[str, Any]]


def page(spec: Mapping[str, Any]) -> str:
    """The page of a `connectionSpecification`."""
    cards = "".join(_card(title, fields, spec["required"]) for title, fields in _groups(spec))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(spec["title"])}</title>'
        f"<style>{STYLE}</style><main><h1>Set up {escape(spec['title'])}</h1>{cards}</main></html>"
    )


def _groups(spec: Mapping[str, Any]) -> Iterator[tuple[str, list[Field]]]:
    """The cards: each group's title and its fields in their order."""
    for group in spec["groups"]:
        fields = [
            (name, declared)
            for name, declared in spec["properties"].items()
            if declared["group"] == group["id"] and not declared.get("airbyte_hidden")
        ]
        yield group["title"], sorted(fields, key=lambda field: int(field[1]["order"]))


def _card(title: str, fields: Sequence[Field], required: Sequence[str]) -> str:
    shown = [field for field in fields if field[0] in required or field[1].get("always_show")]
    rest = [field for field in fields if field not in shown]
    above = "".join(_field(name, declared, is_required=name in required) for name, declared in shown)
    below = "".join(_field(name, declared, is_required=False) for name, declared in rest)
    folded = f"<details open><summary>Optional fields</summary><div>{below}</div></details>" if rest else ""
    return f"<section><h2>{escape(title)}</h2>{above}{folded}</section>"


def _field(name: str, declared: Mapping[str, Any], *, is_required: bool) -> str:
    kind = declared["type"]
    mark = "" if kind == "boolean" else '<span class="mark">Optional</span>'
    if is_required:
        mark = '<span class="mark required">Required</span>'
    label = f'<label for="{name}">{escape(declared["title"])}{mark}</label>'
    help_text = f'<p class="help">{escape(declared["description"])}</p>'
    if kind == "boolean":
        switch = f'<span id="{name}" class="switch{" on" if declared.get("default") else ""}"></span>'
        return f'<div class="field"><div class="head">{label}{switch}</div>{help_text}</div>'
    form = f'<span class="form">{escape(_form(declared))}</span>'
    shown = {
        "type": "password" if declared.get("airbyte_secret") else {"integer": "number"}.get(kind, "text"),
        "placeholder": str(declared.get("examples", [""])[0]),
        "value": str(declared.get("default", "")),
    }
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in shown.items() if value)
    return f'<div class="field"><div class="head">{label}{form}</div>{help_text}<input id="{name}"{attributes}></div>'


def _form(declared: Mapping[str, Any]) -> str:
    """What may be entered, in a few words."""
    if "maximum" in declared:
        return f"{declared['minimum']} to {declared['maximum']}"
    if "minimum" in declared:
        return f"{declared['minimum']} or more"
    return str(declared.get("pattern_descriptor", ""))


def take_picture(html: str, picture: Path) -> None:
    """The page as a PNG file, as high as the page is. Needs Chromium, or a browser with the same flags."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(
            f"Needs one of these browsers: {', '.join(BROWSERS)}. On Debian and Ubuntu: apt-get install chromium. On a "
            "Mac: brew install --cask chromium, and put it on the PATH."
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "form.html"
        measure = "<script>document.body.id = 'height-' + document.documentElement.offsetHeight</script>"
        file.write_text(html + measure, "utf-8")
        command = [browser, *FLAGS, f"--user-data-dir={folder}/profile", f"--force-device-scale-factor={SHARPNESS}"]
        if os.geteuid() == 0:
            # Chromium does not start for root in its sandbox. The page is our own.
            command.append("--no-sandbox")
        drawn = _run([*command, f"--window-size={WIDTH},600", "--dump-dom", file.as_uri()])
        height = re.search(r"height-(\d+)", drawn.split("<body", 1)[1])
        assert height is not None
        _run([*command, f"--window-size={WIDTH},{height[1]}", f"--screenshot={picture.resolve()}", file.as_uri()])
    drawn_png = picture.read_bytes()
    picture.write_bytes(drawn_png[:-END_OF_PNG] + mark_of(html) + drawn_png[-END_OF_PNG:])


def mark_of(html: str) -> bytes:
    """A piece of a PNG file, invisible, that says which page it is the picture of."""
    chunk = b"tEXtSource\0" + hashlib.sha256(html.encode()).hexdigest().encode()
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))


def _run(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def main() -> None:
    """Draw the form of the spec."""
    take_picture(page(json.loads(SPEC.read_text("utf-8"))["connectionSpecification"]), PICTURE)


if __name__ == "__main__":
    main()
