"""How many people a line needs. Knows no database and no telephony."""
