"""What there is to read, one file for each section of Freshdesk's API reference."""
