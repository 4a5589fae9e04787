"""What every message of the connector means and what to do about it. `…` is what differs from one time to the next."""

from collections.abc import Mapping

Advice = Mapping[str, tuple[str, str]]

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
    "an object without '…'": ("A row lacks its id or time.", "Report it if it stays so."),
    "an object whose '…' is not a time": ("A row's time cannot be read.", "Report it if it stays so."),
    "rows that are not in order of …": ("The ticket list is not sorted as asked.", "Report it if it stays so."),
    "a response without 'export'": ("From the export of ticket activities.", "Report it if it stays so."),
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
        "The list changed too fast to be read completely, or part of it was refused. The reason stands in the middle.",
        "If it was refused, use the key of an agent who may see it.",
    ),
    "Stream … lacks the rows of …. … The next sync asks for them again.": (
        "One list of several was refused, such as a folder that this agent may not see. The reason stands in the "
        "middle. The state of the others advances.",
        "Use the key of an agent who may see it: its rows come with the next sync. Or nothing.",
    ),
    "The list kept changing while it was read (… passes).": (
        "A reason in the message above: rows came and went so fast that no two passes agreed.",
        "Nothing at first; if it stays so, sync at a quieter time.",
    ),
    "Freshdesk counts … rules of a kind and lists … of them.": (
        "A reason in the message above, for `automation_rules`.",
        "Report it.",
    ),
    "Stream … lacks those of ticket …; a later sync reads them. …": (
        "The ticket is there, and what belongs to it is refused or could not be read completely. The state remembers "
        "the ticket.",
        "If it was refused, use the key of an agent who may see it.",
    ),
    "Stream …: … links to page after page without new rows. It was read up to there.": (
        "Freshdesk's list does not end: its last pages repeat rows, or are empty, and link on.",
        "Nothing, if all rows are there. If some are missing, report it to Freshdesk with the path.",
    ),
    "Stream … lacks the fields that only … contains. …": (
        "Freshdesk refuses the page of one row. It comes with the fields of the list, all others with their details.",
        "If you need the row's details, use the key of an agent who may see it.",
    ),
    "Stream … lacks them of more rows, which are not listed here.": (
        "The pages of ten rows or more were refused; the first are in the lines before.",
        "The same.",
    ),
    "Stream … lacks the fields that only the page of each row contains. …": (
        "The list may be read, the page of a single row may not. The rows come with the fields of the list.",
        "Use the key of an agent who may see it.",
    ),
    "… rows of … have no valid time of their last change and are emitted in each sync (keys …).": (
        "Freshdesk sent rows without `updated_at`, or with one that is not a time.",
        "Nothing; a destination that deduplicates keeps one of each.",
    ),
    "… activities of … have no valid time and are left out.": (
        "Freshdesk exported rows of ticket activities without `performed_at`. All other rows of the day are there.",
        "Report it to Freshdesk.",
    ),
    "The saved state of … is later than Freshdesk's clock. The sync continues from Freshdesk's time.": (
        "An earlier version saved such a state when its machine's clock was fast and a row was dated in the future. "
        "Rows that changed meanwhile may be missing.",
        "Clear the stream's state once, to have them.",
    ),
    "Stream … lacks … archived tickets. …": (
        "Freshdesk refuses these tickets of the archive. They are asked for again.",
        "See the sentence that follows it.",
    ),
    "Stream … may lack rows of ticket …. …": (
        "The conversations of an archived ticket changed while they were read. They are read again.",
        "Nothing.",
    ),
    "The agent who owns the API key does not see all tickets (ticket scope …, global is …). Tickets outside its scope "
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
    "The account's API rate limit is reached.": (
        "Freshdesk refused a call. The sync waits as long as it says.",
        "Lower `api_quota_percent` if other apps suffer.",
    ),
    "This sync has used its part of the account's API rate limit….": (
        "The sync waits by itself, before Freshdesk refuses anything.",
        "Nothing. [Limits](limits.md) says how to make it shorter.",
    ),
}

INFORMATION: Advice = {
    "This key can read … streams: ….": ("Said by `check`.", "Choose among these."),
    "… Continuing in …, at … UTC.": ("How long the wait is whose reason stands before it.", "Nothing."),
    "Still waiting, … left.": ("Said every half minute of a long wait.", "Nothing."),
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
"""Sentences that are told, if at all, within a warning that stands above."""

ADVICE: Mapping[str, Advice] = {
    "settings": SETTINGS,
    "failures": FAILURES,
    "flaws": FLAWS,
    "warnings": WARNINGS,
    "information": INFORMATION,
}
