"""``kit bench``: the study's own page in a browser on this machine. It launches a browser; the page does the rest."""
