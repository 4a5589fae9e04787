"""Resources that a key or a plan may not read: what is skipped, what fails, what the check says."""
