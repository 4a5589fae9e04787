"""What Airbyte's own connector was given, saved and emitted is taken here, and docs/switching.md says what differs."""
