"""Starts the connector."""

from source_freshdesk.start import start

if __name__ == "__main__":
    start()
