"""Photographs for training: fetched, cut from videos, and brought into the form that training reads."""
