"""One command of the process: its start, its signals, its memory, its end."""
