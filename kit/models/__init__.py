"""Bundles: what a network is on disk, how one is checked, published, listed and read. No Flask, no TensorFlow."""
