"""What runs, measures and documents an installation; no service imports it."""
