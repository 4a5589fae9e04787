"""PyAirbyte reads accounts into DuckDB, and the queries and the report of the examples are right."""
