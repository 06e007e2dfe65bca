"""Training: data, networks, the loop and the conversion into bundles.

Needs the ``train`` extra (Keras 3 on TensorFlow, or on PyTorch through ``KERAS_BACKEND=torch``).
Nothing else in ``kit`` imports this package; the command line does so inside its commands only.
"""

import os

# TensorFlow says a dozen lines about graphics cards that are not there. What matters comes as an exception.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
