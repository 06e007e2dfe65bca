"""Statistics, once: pure functions on NumPy and SciPy. The unit of every group figure is the machine."""
