"""The console entry: runs a command and ends as Airbyte expects."""

import argparse
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.logger import PRINT_BUFFER
from airbyte_cdk.models import (
    AirbyteConnectionStatus,
    AirbyteMessage,
    AirbyteStateBlob,
    ConnectorSpecification,
    FailureType,
    Status,
    Type,
)
from airbyte_cdk.sources.connector_state_manager import HashableStreamDescriptor
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets, get_secrets, update_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.api.clock import Clock
from source_freshdesk.api.secrets import hide
from source_freshdesk.process import memory_limit
from source_freshdesk.process.given_files import confirm_files, confirm_temporary_folder
from source_freshdesk.process.heartbeat import Heartbeat
from source_freshdesk.process.quiet_log import is_worth_reading
from source_freshdesk.process.signals import END_SIGNALS, block_end_signals, die_of
from source_freshdesk.source import SourceFreshdesk

GRACE_SECONDS = 1.5
"""How long a reader of standard output may take for the last lines."""


USAGE = """\
usage: {program} spec
       {program} check --config FILE
       {program} discover --config FILE
       {program} read --config FILE --catalog FILE [--state FILE]
"""
USAGE_EXIT_CODE = 2


class Entrypoint(AirbyteEntrypoint):
    """The CDK's, without its check of the config against the spec.

    That check reports JSON schema errors that do not name the field; `Config` names it.
    """

    @staticmethod
    def handle_record_counts(message: AirbyteMessage, stream_message_count: Any) -> AirbyteMessage:
        """As the CDK's, which makes an object for each record."""
        if message.type is not Type.RECORD or message.record is None:
            return AirbyteEntrypoint.handle_record_counts(message, stream_message_count)
        stream_message_count[_described(message.record.stream)] += 1.0
        return message

    @staticmethod
    def validate_connection(source_spec: ConnectorSpecification, config: Mapping[str, Any]) -> None:
        """Leave it to `Config`."""

    @staticmethod
    def set_up_secret_filter(config: Mapping[str, Any], connection_specification: Mapping[str, Any]) -> None:
        """Register the secrets of the config, in the forms that `hide` knows."""
        update_secrets([])
        for secret in get_secrets(connection_specification, config):
            hide(secret)


@cache
def _described(stream: str) -> HashableStreamDescriptor:
    return HashableStreamDescriptor(name=stream, namespace=None)


def run(arguments: Sequence[str] | None = None, clock: Clock | None = None) -> None:
    """Run the command of `arguments`, by default those of the process; `clock` is for tests."""
    end_on_signals()
    memory_limit.watch(_end_with)
    if isinstance(sys.__stdout__, io.TextIOWrapper):
        # Half a character, which cannot be encoded, must not cost the line that it is in.
        sys.__stdout__.reconfigure(errors="backslashreplace")
    logging.getLogger("airbyte").addFilter(is_worth_reading)
    entrypoint = Entrypoint(SourceFreshdesk(clock))
    entrypoint.logger.addFilter(is_worth_reading)
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        sys.stderr.write(USAGE.format(program=sys.argv[0]))
        sys.exit(USAGE_EXIT_CODE)
    parsed = entrypoint.parse_args(given)
    with PRINT_BUFFER:
        try:
            confirm_files(parsed, entrypoint.source)
            confirm_temporary_folder()
        except AirbyteTracedException as failure:
            _refuse(failure, is_check=parsed.command == "check")
            return
        try:
            with _output(entrypoint, parsed) as write_line:
                for message in entrypoint.run(parsed):
                    write_line(message)
        except Exception as failure:  # noqa: BLE001 - it ends the process, whatever it is
            traced = (
                failure
                if isinstance(failure, AirbyteTracedException)
                else AirbyteTracedException.from_exception(failure)
            )
            is_users = traced.failure_type is FailureType.config_error
            entrypoint.logger.fatal(failure, exc_info=None if is_users else failure)
            sys.stdout.write(_line_of(traced))
            sys.exit(1)


def _line_of(failure: AirbyteTracedException) -> str:
    """The line that reports a failure, to be written at once: a thread that waits may be writing lines of its own.

    Where in the code a mistake of the user was found is left out.
    """
    message = failure.as_airbyte_message()
    if failure.failure_type is FailureType.config_error and message.trace and message.trace.error:
        message.trace.error.stack_trace = None
    return f"{filter_secrets(AirbyteEntrypoint.airbyte_message_to_string(message))}\n"


def _refuse(failure: AirbyteTracedException, *, is_check: bool) -> None:
    """Say what is wrong with a file, and exit with 1; a check has a status that says it, and exits with 0."""
    sys.stdout.write(_line_of(failure))
    if not is_check:
        sys.exit(1)
    status = AirbyteMessage(
        type=Type.CONNECTION_STATUS,
        connectionStatus=AirbyteConnectionStatus(status=Status.FAILED, message=str(failure)),
    )
    sys.stdout.write(f"{AirbyteEntrypoint.airbyte_message_to_string(status)}\n")


@contextmanager
def _output(entrypoint: AirbyteEntrypoint, parsed: argparse.Namespace) -> Iterator[Callable[[str], object]]:
    """Gives what writes a message to standard output; a sync that is silent repeats its state."""
    if parsed.command != "read":
        yield lambda line: sys.stdout.write(f"{line}\n")
        return
    given = {
        one.stream.stream_descriptor.name: vars(one.stream.stream_state or AirbyteStateBlob())
        for one in entrypoint.source.read_state(parsed.state)
        if one.stream is not None
    }
    heartbeat = Heartbeat(sys.stdout.write, sys.stdout.flush, PRINT_BUFFER.lock, given)
    end = heartbeat.start()
    try:
        yield heartbeat.write_line
    finally:
        end()


def end_on_signals() -> None:
    """End at once on SIGTERM and SIGINT, with complete lines on standard output.

    A signal handler would interrupt a line that is being written. So a thread of its own waits for the signals, gets
    the lock that a line is written under, flushes and ends the process; if nobody takes the line, without it.
    """
    block_end_signals()

    def end() -> None:
        number = signal.sigwait(END_SIGNALS)
        threading.Timer(GRACE_SECONDS, die_of, [number]).start()
        with PRINT_BUFFER.lock:
            PRINT_BUFFER.flush()
            die_of(number)

    threading.Thread(target=end, daemon=True, name="signals").start()


def _end_with(message: str) -> None:
    """End at once with an error, after the complete lines that were written."""
    failure = AirbyteTracedException(message=message, internal_message=message, failure_type=FailureType.system_error)
    with PRINT_BUFFER.lock:
        PRINT_BUFFER.buffer.write(_line_of(failure))
        PRINT_BUFFER.flush()
        os._exit(1)
