"""How Freshdesk is spoken to. Nothing in here knows a stream."""
