"""The network: names, connections and time limits, for whatever contacts a server."""
