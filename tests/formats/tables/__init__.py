"""All tables."""

from tests.formats.tables import data, keys, network, plain, time, tokens

CASES = (*plain.CASES, *network.CASES, *time.CASES, *data.CASES, *keys.CASES, *tokens.CASES)
