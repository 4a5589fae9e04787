"""What every message of the connector means and what to do about it. `…` is what differs from one time to the next."""

from collections.abc import Mapping

from docs.advice_on_warnings import INFORMATION, WARNINGS, Advice

SETTINGS: Advice = {
    "The setting '…' …": ("How each of the following begins, with the name of the setting.", "-"),
    "is missing. …": ("A required setting is empty.", "Enter it."),
    "is …, which is not an address. …": (
        "`domain` is not a text, or is empty.",
        "Enter `acme` or `acme.freshdesk.com`.",
    ),
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
    "names this machine, which needs http:// and a port. …": (
        "For trials against a simulated Freshdesk only.",
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
    "The account's API rate limit is used up, by other apps or by a sync, and free again in about … min. Try again "
    "then.": (
        "From `check` and `discover`, for which somebody waits. A sync waits as long as it takes.",
        "As it says. See [limits](limits.md) for what uses the limit.",
    ),
    "There is no folder that temporary files can be written to: mount one at /tmp or /dev/shm, or name one in the "
    "variable TMPDIR.": (
        "The container's file system is read-only, and neither /tmp nor /dev/shm is there.",
        "As it says. A few kilobytes are enough.",
    ),
    "Stream … is refused to this key, and nothing of it was read. … Or leave the stream out, or switch "
    "on 'skip_refused_streams'.": (
        "The agent whose key it is may not read it. Since the destination would replace the records of the sync before "
        "by nothing, the stream fails, and the others are read. Where records are appended it is skipped.",
        "As it says.",
    ),
    "This key can read no stream. …": (
        "Said by `check`. The agent whose key it is, or the plan of the account, allows none of the lists.",
        "See the sentence that follows it. Use the key of an administrator.",
    ),
    "The … file … …": (
        "A file that was handed to the connector is missing, is not JSON in UTF-8, or holds something else, such as a "
        "word of a newer protocol in a catalog.",
        "As it says. A catalog is made from what `discover` prints: see [setup](setup.md).",
    ),
    "The saved state of … cannot be read (…). Clear the stream's state in Airbyte, or the state file: the next sync "
    "then reads all of it again.": (
        "The state was edited by hand, or is another connector's.",
        "Clear the stream's state. States of Airbyte's own Freshdesk connector are understood.",
    ),
    "Ticket … is left out, since it is refused. …": (
        "A ticket that had to be looked up by its id may not be seen by this key. The reason stands behind it.",
        "Use the key of an agent who may see all tickets.",
    ),
    "More tickets were updated at … than Freshdesk lists. About … are looked up one by one, with an API call each.": (
        "So many tickets were updated in one second, as by an import, that Freshdesk's pages do not show all of them.",
        "Nothing, if the calls are available. With a later `start_date`, those tickets are left out.",
    ),
    "Freshdesk's link to the next page …; it was not followed.": (
        "A list's next page is said to be where it cannot be. Following it might show the key to others.",
        "Report it, with the line from the log. A proxy can be the cause.",
    ),
    "cannot be read": ("The reason in the message above.", "As above."),
    "leads away from …": ("The reason in the message above.", "As above."),
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
    "Freshdesk's choices of the ticket field … cannot be read: … has no number.": (
        "The choices of status, priority or source came in a shape that is not known.",
        "Report it; leave `ticket_statuses`, `ticket_priorities` and `ticket_sources` out.",
    ),
    "Freshdesk's list of ticket fields has none of the type ….": (
        "Status, priority or source is not among the account's ticket fields.",
        "Report it; leave `ticket_statuses`, `ticket_priorities` and `ticket_sources` out.",
    ),
}

FLAWS: Advice = {
    "… instead of JSON": ("A page or text came instead of data.", "Look for a proxy or a login page between."),
    "a body of … bytes that is truncated or not JSON: …": ("The answer broke off.", "Sync again."),
    "… instead of a list": ("Another kind of data than the API promises.", "Report it if it stays so."),
    "… instead of an object": ("Another kind of data than the API promises.", "Report it if it stays so."),
    "an object without '…'": ("A row lacks its id.", "Report it if it stays so."),
    "an object whose '…' is …": ("A row's id is of a kind that no id has.", "Report it if it stays so."),
    "values of a kind that is not expected: …": (
        "A value in the answer is of another kind than the API promises.",
        "Report it if it stays so.",
    ),
    "rows that are not in order of …": ("The ticket list is not sorted as asked.", "Report it if it stays so."),
    "a response without 'export'": ("From the export of ticket activities.", "Report it if it stays so."),
    "an export without 'url'": ("From the export of ticket activities.", "Report it if it stays so."),
    "a file without complete 'activities_data'": ("The daily file broke off.", "Sync again."),
}

UNSAID = frozenset(
    {
        "Freshdesk does not say how many there are.",
        "Freshdesk does not know this filter.",
        "Freshdesk does not filter these records by time.",
        "Freshdesk does not serve articles in this language.",
        "Freshdesk has no file of ticket activities.",
        "Freshdesk does not export for this key.",
        "Freshdesk refuses custom objects to this key.",
        "Freshdesk does not let this key get the object.",
        "Freshdesk refuses what belongs to the ticket.",
    }
)
"""Sentences that are logged, if at all, within a warning that stands above."""

ADVICE: Mapping[str, Advice] = {
    "settings": SETTINGS,
    "failures": FAILURES,
    "flaws": FLAWS,
    "warnings": WARNINGS,
    "information": INFORMATION,
}
