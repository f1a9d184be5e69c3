"""Keys: how an application makes them of a text, and what can be done with them. Pure, no input.

- `derived(recipe, text, salts={}) -> bytes | Problem`: the very bytes that the application uses as
  its key, or why there are none. Equal keys have equal bytes, however they are spelt. `recipe` is a
  `Recipe`, which an entry of the section `keys` is too; `salts` holds the
  values of the variables that `recipe.references` names.
- `check_value(recipe, text, salts={}) -> str | None`: what names a key in public, if anything may.

Nothing here shows a key: a `DerivingProblem` is a word and a sentence, and no exception quotes a
value.
"""

from assay.crypto.deriving import DerivingProblem, derived
from assay.crypto.recipes import Recipe
from assay.crypto.strength import check_value

__all__ = ["DerivingProblem", "Recipe", "check_value", "derived"]
