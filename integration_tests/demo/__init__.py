"""A demonstration for someone who has never seen the connector: `make demo`, or `python -m integration_tests.demo`.

It runs what a platform runs against a simulated account, says what happens, and compares what arrived with the truth.
"""
