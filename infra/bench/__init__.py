"""Measurements and the fault test, each a module that is run by hand or by make."""
