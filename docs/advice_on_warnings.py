"""What the warnings and the other lines of the log mean, and what to do about them."""

from collections.abc import Mapping

Advice = Mapping[str, tuple[str, str]]
"""What a message means and what to do, by the message."""

WARNINGS: Advice = {
    "Stream … lacks …. …": (
        "The names of statuses, priorities and sources are the choices of ticket fields, and these cannot be read.",
        "See the sentence that follows it, above. The numbers are there.",
    ),
    "The fields in … of … are not described one by one. …": (
        "While discovering: the key may not list the fields that the account has defined, or there is no network. "
        "Their values arrive in one column, an object.",
        "See the sentence that follows it, above. Then refresh the schema.",
    ),
    "The fields … in … of … have the same name in a warehouse that ignores case or cuts long names. Rename all but one "
    "in Freshdesk.": (
        "While discovering: two fields would become one column.",
        "As it says, or leave all but one of them out.",
    ),
    "… values of … in … are not of its type, and left as they are.": (
        "A field of the account holds something else than its type says, such as a word in a field of numbers.",
        "Correct the values in Freshdesk, or change the type of the column.",
    ),
    "Tickets that are … cannot be listed, so it is not seen which ones are. …": (
        "The key may read tickets, and not those in the trash or the spam.",
        "See the sentence that follows it, above. Use the key of an agent who may see them.",
    ),
    "Ticket … left the trash or the spam, and is refused. …": (
        "The ticket cannot be read with this key, so it is not known what became of it. Each sync asks again.",
        "See the sentence that follows it, above.",
    ),
    "Stream … is skipped. …": (
        "Nothing of it was read: the plan or the key does not allow it. The other streams are read.",
        "See the sentence that follows it, above. Leave the stream out to be rid of the warning.",
    ),
    "It needs the key of ….": ("Follows a refusal: what the stream asks of the key.", "Use such a key."),
    "It needs the feature ….": ("Follows a refusal: what the stream asks of the plan.", "See your plan."),
    "Stream … leaves out what it cannot use. ….": (
        "A few rows of a list lack their id, or it is of a kind that no id has; the reason follows. For a day the next "
        "syncs ask for them again.",
        "Report it if it stays so.",
    ),
    "Stream … leaves out the choice …, which has no number.": (
        "A status, priority or source among others that is not known by its number, as tickets carry it.",
        "Report it.",
    ),
    "Stream …: folders lie more than … deep. It was read to there.": (
        "Freshdesk lists folders inside folders without an end.",
        "Report it if your folders are not so deep.",
    ),
    "The list of tickets links to page after page without new rows. It was read up to there.": (
        "Freshdesk, or something on the way to it, says that there are further pages and gives none.",
        "Report it to Freshdesk if it stays so.",
    ),
    "The saved state of … names no time up to which it was read (…): is it another stream's? All of it is read.": (
        "The state was written by hand, or is that of another stream or connector.",
        "Correct it, or clear it to be rid of the warning.",
    ),
    "The saved state of … lies in the future (…). All of it is read.": (
        "The state was written by hand, or by a connector that follows the newest row, whatever that is dated.",
        "Nothing: the next state is right.",
    ),
    "Stream …: Freshdesk's links to next pages name another host. The pages are asked for at the account's own.": (
        "Something on the way rewrites the links, or the account was renamed. The key goes to no other host.",
        "Nothing.",
    ),
    "Stream … lacks rows. … …": (
        "Freshdesk fails whenever one row of a page is asked for, and gives the others. Those come. For a day the next "
        "syncs ask for it again.",
        "Open the row after the one that is named in Freshdesk, and report it there.",
    ),
    "Stream …: row … comes without …. Freshdesk fails to deliver it with them.": (
        "Freshdesk fails when the row is asked for with what is embedded, such as its description, and gives it "
        "without.",
        "Open the row in Freshdesk, and report it there.",
    ),
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
        "Said by `check`, for the streams that this key cannot read, a line for each reason.",
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
    "…: … of about … (… %), … to go…": (
        "How far a stream is, every half minute of a long sync. The time is right if the rest goes as the part read.",
        "Nothing.",
    ),
    "…: … records, … calls so far….…": ("The same, where it is not known how many records there are.", "Nothing."),
    "…; about … min left at this rate.": ("For streams of tickets, how far in time they are.", "Nothing."),
    "Summary of this sync:": (
        "The table at the end: records, calls, credits, the time waited for the limit, the part of the limit that is "
        "used at present, and each stream that is skipped, incomplete or has failed, with the reason.",
        "Look at the streams that it names.",
    ),
    "…: … API calls for …; leave these columns out to save them.": (
        "The list leaves these columns out, so each row costs a call.",
        "As it says, if you do not need them.",
    ),
    "This is a long sync. What is expected at the limit of …:": (
        "A table follows, of the streams whose rows Freshdesk counts.",
        "Nothing. Other streams and other applications take some of the limit too.",
    ),
    "…: … API calls, about ….": ("A line of that table: the stream, its calls and its time.", "Nothing."),
    "Stream … is off, since it costs an API call for each archived or deleted ticket. Switch 'archived_tickets' on to "
    "read it.": ("The stream is chosen, but not switched on in the settings.", "As it says, or leave it out."),
    "… rows of … are gone from Freshdesk (keys …). Their last records stay in the destination; a full refresh that "
    "overwrites removes them.": (
        "Rows of a list that is read completely were there in the last sync. A merged or deleted row is one of them.",
        "See [deletions](syncing.md#deletions).",
    ),
    "Deleted for ever: … tickets (…). Their last records stay.": (
        "Freshdesk emptied the trash or the spam, or somebody did.",
        "Nothing. Their last record says `deleted` or `spam`.",
    ),
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
