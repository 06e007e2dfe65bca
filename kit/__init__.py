"""Fieldkit: measure small image-to-image networks on many people's machines."""

__version__ = "0.1.0"
