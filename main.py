"""Starts the connector."""

from source_freshdesk.process.start import start

if __name__ == "__main__":
    start()
