"""Under which name the tracker speaks."""

NAME = "tracker"
SOURCE = "/shouhu/220000/tracker"
TOPIC = "sla"
DERIVED_EVENTS = "in.shouhu"
