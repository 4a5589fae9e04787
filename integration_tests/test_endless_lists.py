"""A list that links on without an end is read up to its last new row, and everything else is read too."""

import pytest

from integration_tests.conftest import Connect
from integration_tests.fake_freshdesk import FakeFreshdesk, faults
from source_freshdesk.api.paginator import PAGE_SIZE

MOST_CALLS = 2_500
"""For all 49 streams; without end there were more than 20,000 a minute."""


@pytest.mark.parametrize("is_empty", [False, True])
def test_lists_that_never_end_are_read_to_their_last_new_row(
    served: FakeFreshdesk, connect: Connect, is_empty: bool
) -> None:
    connector = connect(served, hasty=True)
    streams = [one["name"] for one in connector.discover().of_type("CATALOG")[0]["streams"]]
    whole = connector.read(*streams)
    before = served.journal.count()
    served.misbehave(faults.endless(is_empty=is_empty), path="/api/v2/*", times=None)
    run = connector.read(*streams)
    assert connector.discover().exit_code == 0
    assert served.journal.count() - before < MOST_CALLS
    # What lies on a second page is not to be had, and some lists have none.
    read = [one for one in streams if run.statuses[one][-1] == "COMPLETE" and len(whole.keys(one)) <= PAGE_SIZE]
    assert len(read) > 30
    for stream in read if not is_empty else ():
        assert set(run.keys(stream)) == set(whole.keys(stream)), stream
    assert "links to page after page without new rows" in run.log("WARN")
