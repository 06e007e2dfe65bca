"""``kit bench table``: every figure that the engine is judged by, taken part by part and kept, and the table of them."""
