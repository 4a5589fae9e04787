"""How fast the connector is, as ratios: see `__main__`."""
