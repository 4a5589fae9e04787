"""Airbyte's own checks of a connector's documents and metadata, as far as they apply outside its repository."""
