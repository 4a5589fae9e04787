"""What is saved between syncs."""
