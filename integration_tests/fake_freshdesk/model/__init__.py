"""What an account consists of: its records, their times, and what changes them."""
