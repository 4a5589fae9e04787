"""What the simulated Freshdesk promises to those who test against it."""
