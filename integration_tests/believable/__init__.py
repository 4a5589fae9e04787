"""A made-up company and what happens to its help desk, to fill the fake for the demo, the report and some tests."""
