"""Fieldkit: measure small image-to-image networks on many people's machines."""
