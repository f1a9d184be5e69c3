"""What keeps stored ciphertext from opening: the rules that explanations are made of.

Their templates take `column`, `rows` (`rows 17 and 90`), `key` (its name in the spec), `variable`
and `environment` from whoever knows the population, and the rest from the explanation's values.
"""

from assay.crypto.autopsy.rules import damage, form, key

RULES = (*key.RULES, *form.RULES, *damage.RULES)
"""Every rule that an explanation may have."""

__all__ = ["RULES"]
