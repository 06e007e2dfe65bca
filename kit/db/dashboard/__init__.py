"""Queries of the dashboard, one module for each page that calls them. They only read."""
