"""What can be wrong with a value of any type: damage, stand-ins, weakness, exposure."""
