"""How rows are got: pages, lists, children of lists. Knows paths and pages, and no leaf."""
