"""How the account is served: HTTP, the rate limit, faults, and the calls that were made."""
