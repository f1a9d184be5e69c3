"""The matrix of `assay diff`: names by environments, live ones and those of snapshots alike."""
