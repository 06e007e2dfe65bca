"""The commands of ``kit``, a module for each group. Each command reads its options and calls one function elsewhere."""
