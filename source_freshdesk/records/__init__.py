"""What a row of the API becomes before it is emitted."""
