"""What to do about each message of the error rules in `source_freshdesk/api/errors.py`."""

from collections.abc import Mapping

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
