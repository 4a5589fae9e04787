"""The connector's image, and the connector in it: what only shows in a container."""
