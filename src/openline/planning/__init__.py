"""How many calls will come, and how many people a line needs. Knows no database, no telephony."""
