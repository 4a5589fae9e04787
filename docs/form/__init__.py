"""The form, as a picture."""
