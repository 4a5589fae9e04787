"""Runs tests as if it were another time, for those whose outcome could depend on the hour or the date."""
