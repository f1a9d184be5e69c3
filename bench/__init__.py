"""Benchmarks: how long assay takes beside the bare interpreter and beside its peers, as ratios."""
