"""Models that others made: told apart, read in a child process, tried on a test picture, and published.

``examine`` does all of that but publish; ``read_network`` gives the network itself; ``publish_trial`` publishes what was
examined, exactly as it was tried.
"""

from kit.models.incoming.apart import bounds_of, examine, read_network
from kit.models.incoming.facts import Choices, Facts
from kit.models.incoming.publishing import About, publish_trial, suggested_name, suggested_version

__all__ = [
    "About",
    "Choices",
    "Facts",
    "bounds_of",
    "examine",
    "publish_trial",
    "read_network",
    "suggested_name",
    "suggested_version",
]
