"""What holds for all resources alike."""
