"""From a Freshdesk account to answers: sync.py reads it into DuckDB, queries/ ask, report.py draws."""
