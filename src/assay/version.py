"""The one place that holds assay's version."""

__version__ = "0.1.0"
