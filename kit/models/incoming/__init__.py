"""Models that others made: told apart, read in a child process, tried on a test picture, and published.

``examine`` does all of that but publish; ``read_model`` gives the network itself; ``publish_trial`` publishes what was
examined, exactly as it was tried.
"""

from kit.models.incoming.apart import bounds_of, examine, read_model, read_network
from kit.models.incoming.drafts import Draft, Drafts, State
from kit.models.incoming.facts import Choices, Facts, parse_range, parse_size
from kit.models.incoming.kinds import ACCEPTED, EXTRA, KINDS
from kit.models.incoming.publishing import (
    About,
    about,
    parse_credit,
    publish_trial,
    suggested_name,
    suggested_version,
    withdrawn_on_error,
)

__all__ = [
    "ACCEPTED",
    "EXTRA",
    "KINDS",
    "About",
    "Choices",
    "Draft",
    "Drafts",
    "Facts",
    "State",
    "about",
    "bounds_of",
    "examine",
    "parse_credit",
    "parse_range",
    "parse_size",
    "publish_trial",
    "read_model",
    "read_network",
    "suggested_name",
    "suggested_version",
    "withdrawn_on_error",
]
