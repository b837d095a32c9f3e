"""What became of everything: the account of all events, and the trace of one, read from the views that services publish."""
