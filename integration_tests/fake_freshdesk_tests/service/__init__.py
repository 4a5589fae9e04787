"""How the simulated Freshdesk is served, and its lists of tickets, contacts and companies."""
