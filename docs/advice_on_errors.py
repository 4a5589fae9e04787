"""What to do about each message of the error rules in `source_freshdesk/api/errors.py`."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "The account's API rate limit is reached.": (
        "Nothing. If it happens often, other apps use the limit too: see [limits](limits.md)."
    ),
    "The password of the agent who owns the API key has expired: sign in to Freshdesk and renew it.": (
        "Sign in as the agent and set a new password. The key stays the same."
    ),
    "Freshdesk rejected the API key: copy it again from your profile settings in Freshdesk, and check that it belongs "
    "to this account and is not disabled.": (
        "Copy the key again. It changes when the agent resets it; an administrator can disable the keys of an agent."
    ),
    "Freshdesk has suspended this account: resolve that with Freshdesk, then sync again.": (
        "The usual reasons are an unpaid bill or a trial that has ended."
    ),
    "Freshdesk has locked the agent who owns the API key after wrong passwords: unlock the agent, then sync again.": (
        "An administrator unlocks the agent. Use a separate agent for the sync, as whom no person signs in: mistyped "
        "passwords do not lock it."
    ),
    "Freshdesk responds over https only: enter the account's name in 'domain', without http://.": "Enter `acme` alone.",
    "The plan of this Freshdesk account does not include this resource.": (
        "Remove the stream from the connection, or enable the feature that the message names in Freshdesk."
    ),
    "The agent who owns the API key may not read this resource: use the key of an administrator.": (
        "Use the key of an administrator, or remove the stream. [Streams](streams.md) lists which need one."
    ),
    "Freshdesk refuses this call to the agent who owns the API key.": (
        "See Freshdesk's reason in the brackets. It may be the role of the agent, or the account allows trusted "
        "addresses only."
    ),
    "This Freshdesk account does not have this resource.": (
        "Nothing, if the account does not use it. Old accounts lack some parts of the API."
    ),
    "Freshdesk rejected the request as this connector makes it.": (
        "A defect of the connector, or a change of the API. Report it with the line from the log; it contains the path "
        "and Freshdesk's reason."
    ),
    "Freshdesk took too long to respond.": "Nothing at first. If it persists, lower `num_workers`.",
    "The address of this account redirects elsewhere: check 'domain', the account may have been renamed.": (
        "Open the address in a browser and enter the freshdesk.com address that it redirects to."
    ),
    "Freshdesk has a temporary problem.": (
        "Nothing at first: the next sync continues where this one stopped. If it persists for hours, see Freshdesk's "
        "status page."
    ),
    "Freshdesk sent a response that this connector does not know.": (
        "Report it with the line from the log. A proxy between Airbyte and Freshdesk can be the cause."
    ),
    "There is no Freshdesk account at this address: check 'domain'.": (
        "Open the address in a browser. If there is no help desk, the name is mistyped, or the account was renamed or "
        "closed."
    ),
    "Freshdesk refuses this API key: check that it is the key of an active agent of this account.": (
        "The agent may have been removed or made a contact. Use another agent's key."
    ),
    "The address of this account cannot be found: check 'domain', or the network's DNS.": (
        "If the name is right, the machine that runs the sync cannot resolve names."
    ),
    "The certificate of the server that answers is not trusted: if a proxy answers with its own, set "
    "REQUESTS_CA_BUNDLE to a file with the certificate of its authority.": (
        "Mount the file into the container, and set the variable REQUESTS_CA_BUNDLE to its path."
    ),
    "The proxy of this network cannot be used: check HTTPS_PROXY, its user and password, and that the proxy allows the "
    "address of the account.": (
        "What the proxy answers stands behind the sentence: 407 means user and password, 403 that it forbids "
        "the address."
    ),
    "Freshdesk cannot be reached: check that this machine can connect to the internet.": (
        "The machine needs to reach `https://*.freshdesk.com`, directly or by the proxy that `HTTPS_PROXY` names."
    ),
    "Freshdesk did not answer in time.": (
        "Nothing at first. An answer may keep silent for 60 seconds, and take 180 in all. A proxy that checks large "
        "downloads can be the reason."
    ),
    "Freshdesk's answer is larger than 256 MB.": (
        "Nothing: a page is asked for in smaller pieces then. Report it if it stays so."
    ),
    "A firewall on the way to Freshdesk blocks this call: if it stays so, allow the address of this machine there, or "
    "among the trusted addresses in Freshdesk.": (
        "The page that came says no more. It can be Cloudflare in front of Freshdesk, a firewall of your network, or "
        "the list of trusted addresses under Admin > Security."
    ),
    "Freshdesk's response is incomplete or invalid.": (
        "Nothing at first. The brackets contain what is wrong with it. A proxy may truncate responses or replace them "
        "by pages of its own."
    ),
}
"""By message."""
