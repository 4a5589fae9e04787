"""The demonstration: what it prints, what it leaves behind, and that it does not call a failure a success."""
