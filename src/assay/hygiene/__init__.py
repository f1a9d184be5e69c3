"""What is wrong with a value whatever its type: damage on the way, stand-ins, weakness, exposure."""
