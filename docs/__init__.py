"""What writes the documents."""
