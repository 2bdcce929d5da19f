"""Statistics that are learned of rows which are held out later, learned after the split instead."""
