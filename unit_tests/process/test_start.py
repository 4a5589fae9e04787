"""The process starts with what it needs, and what it leaves out is there for whoever asks."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(code: str) -> str:
    """What this code prints in a new process, after the start without the command."""
    start = "import sys\nfrom source_freshdesk.process.start import defer_cdk_exports\ndefer_cdk_exports()\n"
    done = subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout


def test_the_declarative_framework_is_not_imported() -> None:
    loaded = "print(*[name for name in sys.modules if name.startswith('airbyte_cdk.sources.declarative')])"
    assert run(f"import source_freshdesk.process.run\n{loaded}").split() == []


def test_whoever_asks_the_cdk_for_a_name_gets_it() -> None:
    code = "import source_freshdesk.process.run\nfrom airbyte_cdk import YamlDeclarativeSource, entrypoint\n"
    assert run(f"{code}print(YamlDeclarativeSource.__name__, entrypoint.__name__)") == (
        "YamlDeclarativeSource airbyte_cdk.entrypoint\n"
    )


def test_a_name_that_the_cdk_does_not_have_is_missed_as_ever() -> None:
    code = "import airbyte_cdk\nprint(getattr(airbyte_cdk, 'nothing_of_the_kind', 'missing'))"
    assert run(code) == "missing\n"


def test_the_cdk_is_left_alone_where_it_is_imported_already() -> None:
    import airbyte_cdk  # noqa: PLC0415 - imported by then

    from source_freshdesk.process import start  # noqa: PLC0415

    start.defer_cdk_exports()
    assert sys.modules["airbyte_cdk"] is airbyte_cdk


MOST_MODULES = 860
"""The CDK as it exports itself brings more than twice as many."""


def test_a_command_imports_no_more_modules_than_it_must() -> None:
    code = (
        "import atexit, sys\natexit.register(lambda: sys.stderr.write(f'{len(sys.modules)}'))\n"
        "from source_freshdesk.process.start import start\nstart(['spec'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert 500 < int(done.stderr) < MOST_MODULES


WITHOUT_DOCSTRINGS = "from source_freshdesk.process.start import leave_out_docstrings\nleave_out_docstrings()\n"


def test_the_source_of_the_protocol_is_not_parsed() -> None:
    code = "import source_freshdesk.process.run\nprint('attributes_doc._base' in sys.modules)"
    assert run(WITHOUT_DOCSTRINGS + code) == "False\n"


def test_messages_are_the_same_without_docstrings() -> None:
    code = (
        "from airbyte_cdk.models import AirbyteMessage, AirbyteMessageSerializer, AirbyteRecordMessage, Type\n"
        "record = AirbyteRecordMessage(stream='tickets', data={'id': 1}, emitted_at=1)\n"
        "print(AirbyteMessageSerializer.dump(AirbyteMessage(type=Type.RECORD, record=record)))"
    )
    assert run(WITHOUT_DOCSTRINGS + code) == run(code)


def test_whoever_asks_for_docstrings_gets_them() -> None:
    code = (
        "import attributes_doc\nprint(attributes_doc.get_doc.__module__)\n"
        "import attributes_doc\nprint(len(attributes_doc.__all__) > 3)"
    )
    assert run(WITHOUT_DOCSTRINGS + code) == "attributes_doc._base\nTrue\n"


def test_the_package_of_docstrings_is_left_alone_where_it_is_imported_already() -> None:
    code = (
        "import attributes_doc as before\n"
        + WITHOUT_DOCSTRINGS
        + "import attributes_doc\nprint(attributes_doc is before)"
    )
    assert run(code) == "True\n"


def test_the_package_exports_the_source_and_nothing_else() -> None:
    assert run("import source_freshdesk\nprint(source_freshdesk.SourceFreshdesk.__name__)") == "SourceFreshdesk\n"
    assert run("import source_freshdesk\nprint(hasattr(source_freshdesk, 'Anything'))") == "False\n"


def test_signals_wait_from_the_first_moment_for_the_one_who_takes_them() -> None:
    code = (
        "import signal\nfrom source_freshdesk.process import start\n"
        "start.leave_out_docstrings = start.leave_out_response_cache = lambda: None\n"
        "start.defer_cdk_exports = lambda: print(\n"
        "    sorted(signal.pthread_sigmask(signal.SIG_BLOCK, []))\n)\n"
        "sys.modules['source_freshdesk.process.run'] = type(sys)('run')\n"
        "sys.modules['source_freshdesk.process.run'].run = lambda arguments, clock: None\n"
        "start.start()"
    )
    assert run(code).split("\n")[0] == "[<Signals.SIGINT: 2>, <Signals.SIGTERM: 15>]"
