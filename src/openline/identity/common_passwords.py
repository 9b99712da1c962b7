"""Which long passwords are guessed first?

Short ones are refused anyway, so a list of the millions that leaked would hardly add anything. What
is long enough and still guessed is a common word filled up with digits, a run over the keyboard, a
few letters over and over, or the login itself. No rule asks for capitals or digits: such rules are
what fills a common word up in the first place.
"""

_LISTED = """
abcd admin administrador administrator amigos anything ashley azerty babygirl badminton baseball
basketball batman beautiful bienvenida bienvenido blink buster butterfly callcenter callcentre
changeit changeme charlie chocolate cookie computer contrasena contraseña crisisline default
diamond dragon estrella familia football forever freedom hello helpline hola hunter
iloveyou internet jennifer jessica jesus jordan justin killer lineadeayuda login lovely loveme
manchester mariposa master matrix michael monkey mustang mypassword mustchange mynameis nothing
openline orange pass passphrase password passwort pepper pokemon princesa princess private qazwsx
qwer qwert qwerty qwertz realmadrid secret secreto servidor shadow soccer sophie starwars
summer sunshine superman supersecret support system teamo telefono telephone temporary test
tequiero test1234 trustno1 tweety username valentina verano volunteer voluntaria voluntario
welcome whatever winter yellow zxcvbn
january february march april may june july august september october november december
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
monday tuesday wednesday thursday friday saturday sunday
"""
WORDS = frozenset(_LISTED.split())

RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_LOOK_ALIKES = str.maketrans("013457@$!", "oleastasi")
FEWEST_CHARACTERS = 5
SHORTEST_REST = 5
"""So many letters beside a common word make it uncommon."""


def is_common(password: str, login: str = "") -> bool:
    """Tells whether somebody who guesses begins with this one.

    >>> is_common("Password2026!!"), is_common("qwertyuiop1234"), is_common("marta marta marta")
    (True, True, True)
    >>> is_common("nine geese over the harbour")
    False
    """
    folded = "".join(password.casefold().split())
    if len(set(folded)) < FEWEST_CHARACTERS or _repeats(folded):
        return True
    names = WORDS | ({login.casefold()} if login else set())
    for text in (folded, folded.translate(_LOOK_ALIKES)):
        letters = "".join(letter for letter in text if letter.isalpha())
        if any(word in text and len(letters) - len(word) < SHORTEST_REST for word in names):
            return True
    return any(_follows(folded, run) or _follows(folded, run[::-1]) for run in RUNS)


def _repeats(text: str) -> bool:
    """Tells whether a text is the same few characters again and again."""
    return any(
        text == (text[:size] * (len(text) // size + 1))[: len(text)]
        for size in range(1, len(text) // 2 + 1)
    )


def _follows(text: str, run: str) -> bool:
    """Tells whether most of a text is a piece of a run."""
    piece = len(text) - SHORTEST_REST
    return any(text[at : at + piece] in run for at in range(SHORTEST_REST + 1))
