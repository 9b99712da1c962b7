#!/usr/bin/env python3
"""Makes the sounds: greetings, hold music, alerts.

Those for browsers go to frontend/assets/sounds. What callers hear goes to
src/openline/telephony/asterisk/sounds too, as telephones have it: 8,000 samples a second, G.711.

Greetings are spoken by a synthetic voice; music and alerts are composed here, note by note, and
belong to nobody else. The results are kept in the repository, so nobody needs to run this; who
changes a text or a tune does. On Debian it needs

    apt-get install espeak-ng sox lame

and this package. The music loops without a seam: notes that ring past the end are
added to the beginning, and the end meets the start in the middle of sound, not in a gap.
"""

import array
import math
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

from openline.telephony.asterisk.words import MINUTES, PLACES

RATE = 22_050
ROOT = Path(__file__).resolve().parent.parent
SOUNDS = ROOT / "frontend" / "assets" / "sounds"
TELEPHONES = ROOT / "src" / "openline" / "telephony" / "asterisk" / "sounds"

# Text, voice, speed in words a minute, pitch. Short and kind; nothing that somebody who listens in
# could learn from.
GREETINGS = {
    "welcome-en": (
        "Hello, and welcome. Please stay on the line; somebody will be with you soon.",
        ("en-us+f2", 148, 42),
    ),
    "welcome-es": (
        "Hola, le damos la bienvenida. Permanezca en la línea; enseguida le atendemos.",
        ("es-419+f2", 148, 42),
    ),
    "welcome-crisis-en": (
        "Hello. It is good that you are calling. Stay with us; somebody will be here in a moment.",
        ("en-us+f2", 144, 40),
    ),
}

EN, ES = ("en-us+f2", 148, 42), ("es-419+f2", 148, 42)
GREETINGS |= {
    "many-en": (
        "Hello. Very many people are calling just now. Please stay on the line; "
        "everybody is answered in turn.",
        EN,
    ),
    "many-es": (
        "Hola. En este momento llaman muchas personas. Permanezca en la línea; "
        "se atiende a todos por turno.",
        ES,
    ),
    "menu-family-en": (
        "For food and shelter, press 1. For family and parenting, press 2. For legal help, press "
        "3. For health and mind, press 4. Or stay on the line.",
        EN,
    ),
    "menu-family-es": (
        "Para comida y alojamiento, pulse 1. Para familia y crianza, pulse 2. Para ayuda legal, "
        "pulse 3. Para salud y ánimo, pulse 4. O permanezca en la línea.",
        ES,
    ),
    "closed-en": ("Hello. This line is closed now. Please call again later.", EN),
    "closed-es": ("Hola. Esta línea está cerrada ahora. Vuelva a llamar más tarde.", ES),
    "voicemail-en": ("You can leave a message after the tone.", EN),
    "voicemail-es": ("Puede dejar un mensaje después de la señal.", ES),
    "no-recording-en": ("A message cannot be recorded here. Please call again later.", EN),
    "no-recording-es": ("Aquí no se puede grabar un mensaje. Vuelva a llamar más tarde.", ES),
    "connecting-en": (
        "Nobody here is free just now. We connect you with another service, which can help too. "
        "If nobody answers there, you keep your place here.",
        EN,
    ),
    "connecting-es": (
        "Ahora no hay nadie libre aquí. Le ponemos con otro servicio, que también puede ayudar. "
        "Si allí nadie contesta, conserva su lugar aquí.",
        ES,
    ),
    "consent-en": (
        "May this call be recorded? Press 1 for yes. If you press nothing, it is not recorded.",
        EN,
    ),
    "consent-es": (
        "¿Se puede grabar esta llamada? Pulse 1 para sí. Si no pulsa nada, no se graba.",
        ES,
    ),
}

# What the wrong person hears who answers a callback: nothing in it names us or what we do.
GOODBYES = {
    "wrong-number-en": ("Sorry, we have the wrong number. Goodbye.", ("en-us+f2", 148, 42)),
    "wrong-number-es": ("Disculpe, número equivocado. Adiós.", ("es-419+f2", 148, 42)),
}

# What only a telephone says: the centre is away and nobody can be rung.
TELEPHONE = {
    "not-now-en": (
        "We cannot take your call just now. Please call again in a few minutes.",
        ("en-us+f2", 148, 42),
    ),
    "not-now-es": (
        "Ahora no podemos atender su llamada. Vuelva a llamar en unos minutos.",
        ("es-419+f2", 148, 42),
    ),
}

# What callers by telephone are told while they wait (telephony/asterisk/words.py).
TELEPHONE |= {
    "callback-offer-en": (
        "If you would rather not wait, press 1. We will call you back at the number from which you "
        "are calling, and you keep your place. Or just stay on the line.",
        EN,
    ),
    "callback-offer-es": (
        "Si prefiere no esperar, pulse 1. Le llamaremos al número desde el que llama, y conserva "
        "su lugar. O permanezca en la línea.",
        ES,
    ),
    "callback-promised-en": ("Thank you. We will call you back. Goodbye.", EN),
    "callback-promised-es": ("Gracias. Le llamaremos. Adiós.", ES),
    "wait-1-en": ("It will take about a minute.", EN),
    "wait-1-es": ("Tardaremos más o menos un minuto.", ES),
    "wait-long-en": ("It may take an hour or more.", EN),
    "wait-long-es": ("Puede tardar una hora o más.", ES),
    "place-1-en": ("You are next.", EN),
    "place-1-es": ("Usted es la siguiente persona.", ES),
}
# What is heard by whoever picks up an agent's ordinary telephone: nothing of who calls, or whom.
TELEPHONE |= {
    "press-to-take-en": ("A call is waiting. To take it, press 1.", EN),
    "press-to-take-es": ("Tiene una llamada. Para tomarla, pulse 1.", ES),
}
for place in range(2, PLACES + 1):
    TELEPHONE[f"place-{place}-en"] = (f"You are number {place} in line.", EN)
    TELEPHONE[f"place-{place}-es"] = (f"Usted tiene el número {place} en la fila.", ES)
for minutes in MINUTES[1:]:
    TELEPHONE[f"wait-{minutes}-en"] = (f"It will take about {minutes} minutes.", EN)
    TELEPHONE[f"wait-{minutes}-es"] = (f"Tardaremos unos {minutes} minutos.", ES)

Samples = list[float]


def main() -> None:
    """Writes every sound and says how large it became."""
    SOUNDS.mkdir(parents=True, exist_ok=True)
    TELEPHONES.mkdir(parents=True, exist_ok=True)
    for name, (text, voice) in (GREETINGS | GOODBYES | TELEPHONE).items():
        speak(name, text, *voice)
    for name, samples, level, kilobits in (
        ("quiet", quiet(), 0.20, 40),
        ("piano", piano(), 0.28, 40),
        ("silence", [0.0] * RATE, 0.0, 8),
        ("alert-offer", alert_offer(), 0.55, 48),
        ("alert-missed", alert_missed(), 0.50, 48),
        ("beep", beep(), 0.40, 0),
    ):
        encode(name, to_level(samples, level), kilobits)
    for file in sorted(SOUNDS.glob("*.mp3")):
        print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")


# ---- music ---------------------------------------------------------------------------------------


def quiet() -> Samples:
    """Soft chords, one breathing into the next: C, A minor, F, G with a held C; 24 seconds."""
    chord_s = 6.0
    chords = (
        ("C3", "G3", "E4", "D5"),
        ("A2", "G3", "E4", "C5"),
        ("F2", "A3", "E4", "C5"),
        ("G2", "G3", "D4", "C5"),
    )
    loop = [0.0] * int(chord_s * len(chords) * RATE)
    for index, chord in enumerate(chords):
        for voice, note in enumerate(chord):
            begin = index * chord_s + voice * 0.35
            add(loop, begin, pad(frequency(note), chord_s * 1.6), 0.9 - voice * 0.15)
    return loop


def piano() -> Samples:
    """A slow figure over four chords, a note each half second, with rests; 24 seconds."""
    step_s = 0.5
    # One row a chord, twelve steps each; a dot is a rest.
    rows = (
        "C3 G3 C4 E4 D4 . G4 . E4 . . .",
        "A2 E3 A3 C4 B3 . E4 . C4 . . .",
        "F2 C3 F3 A3 G3 . C4 . A3 . . .",
        "G2 D3 G3 B3 A3 . D4 . B3 . . .",
    )
    steps = [note for row in rows for note in row.split()]
    loop = [0.0] * int(step_s * len(steps) * RATE)
    for index, note in enumerate(steps):
        if note == ".":
            continue
        # A hand is never quite even: louder on the first of each chord, softer at the top.
        strength = 1.0 if index % 12 == 0 else 0.62 + 0.12 * math.sin(index * 1.7)
        late = 0.012 * math.sin(index * 2.3) + 0.015
        add(loop, index * step_s + late, struck(frequency(note), 4.5), strength)
    return loop


def alert_offer() -> Samples:
    """Two warm tones up, twice, then a rest, so that it can be repeated; 3 seconds."""
    ring = [0.0] * (3 * RATE)
    for begin, note in ((0.0, "E5"), (0.22, "A5"), (0.75, "E5"), (0.97, "A5")):
        add(ring, begin, bell(frequency(note), 0.9), 1.0)
    return ring


def beep() -> Samples:
    """A short plain tone: from its end on a caller is recorded."""
    count = int(0.3 * RATE)
    edge = 0.02 * RATE
    return [
        min(1.0, at / edge, (count - at) / edge) * math.sin(math.tau * 850 * at / RATE)
        for at in range(count)
    ]


def alert_missed() -> Samples:
    """Three tones down, slower and lower than a ring, lest anybody take it for one; 3 seconds."""
    call = [0.0] * (3 * RATE)
    for begin, note in ((0.0, "A4"), (0.35, "F4"), (0.7, "D4")):
        add(call, begin, bell(frequency(note), 1.3), 1.0)
    return call


# ---- tones ---------------------------------------------------------------------------------------


def frequency(note: str) -> float:
    """Returns the pitch in hertz of a note such as A4 (440).

    >>> round(frequency("A4"))
    440
    """
    steps = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
    return 440.0 * 2 ** ((steps[note[0]] + 12 * (int(note[1]) - 4)) / 12)


def pad(hertz: float, seconds: float) -> Samples:
    """Swells and fades, two voices a hair apart so that it shimmers."""
    count = int(seconds * RATE)
    made = []
    for index in range(count):
        at = index / RATE
        swell = math.sin(math.pi * index / count) ** 1.5
        tone = (
            math.sin(math.tau * hertz * at)
            + math.sin(math.tau * hertz * 1.0025 * at + 1.0)
            + 0.25 * math.sin(math.tau * hertz * 2 * at + 0.5)
            + 0.06 * math.sin(math.tau * hertz * 3 * at)
        )
        made.append(swell * tone * 0.4)
    return made


def struck(hertz: float, seconds: float) -> Samples:
    """Sounds like a felted string: overtones a little sharp, dying sooner the higher they are."""
    overtones = ((1, 1.0), (2, 0.42), (3, 0.16), (4, 0.07), (5, 0.03))
    made = []
    for index in range(int(seconds * RATE)):
        at = index / RATE
        attack = min(1.0, at / 0.008)
        ending = min(1.0, (seconds - at) / 0.2)
        tone = 0.0
        for number, part in overtones:
            stretch = 1 + 0.0003 * number * number
            fading = math.exp(-at * (0.75 + 0.55 * number))
            tone += part * fading * math.sin(math.tau * hertz * number * stretch * at)
        made.append(attack * ending * tone * 0.6)
    return made


def bell(hertz: float, seconds: float) -> Samples:
    """Rings softly, without the hard edge that makes people start."""
    made = []
    for index in range(int(seconds * RATE)):
        at = index / RATE
        attack = min(1.0, at / 0.02)
        ending = min(1.0, (seconds - at) / 0.1)
        tone = (
            math.sin(math.tau * hertz * at) * math.exp(-at * 3.2)
            + 0.3 * math.sin(math.tau * hertz * 2 * at) * math.exp(-at * 6)
            + 0.08 * math.sin(math.tau * hertz * 4.1 * at) * math.exp(-at * 12)
        )
        made.append(attack * ending * tone * 0.6)
    return made


def add(loop: Samples, begin_s: float, tone: Samples, strength: float) -> None:
    """Adds a tone at a moment; what rings past the end goes on at the beginning."""
    begin = int(begin_s * RATE)
    for index, value in enumerate(tone):
        loop[(begin + index) % len(loop)] += value * strength


def to_level(samples: Samples, peak: float) -> Samples:
    """Scales so that the loudest moment has this level (1 is the most there is)."""
    loudest = max(map(abs, samples), default=0.0)
    return [value * peak / loudest for value in samples] if loudest else samples


# ---- files ---------------------------------------------------------------------------------------


def speak(name: str, text: str, voice: str, speed: int, pitch: int) -> None:
    """Has a synthetic voice say a text, softens its edges, and encodes it."""
    with tempfile.TemporaryDirectory() as folder:
        raw, soft = Path(folder, "raw.wav"), Path(folder, "soft.wav")
        call(
            "espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-g", "1", "-w", raw, text
        )
        # The voice's buzz is above 5 kHz; a little room makes it less dry. Silence on both sides.
        call(
            *("sox", raw, "-r", str(RATE), "-c", "1", soft),
            *("highpass", "90", "lowpass", "5200", "equalizer", "2800", "1.2q", "-3"),
            *("reverb", "12", "60", "30", "pad", "0.25", "0.4", "norm", "-4"),
        )
        if name not in TELEPHONE:
            lame(soft, name, 32)
        telephone(soft, name)


def encode(name: str, samples: Samples, kilobits: int) -> None:
    """Writes samples as an mp3 file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "sound.wav")
        with wave.open(str(file), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(array.array("h", (int(v * 32767) for v in samples)).tobytes())
        if kilobits:  # else browsers have no use for it
            lame(file, name, kilobits)
        if not name.startswith("alert"):
            telephone(file, name)


def lame(source: Path, name: str, kilobits: int) -> None:
    """Encodes to mp3; the header tells players how much silence the encoder added at each end."""
    target = SOUNDS / f"{name}.mp3"
    call("lame", "--quiet", "-m", "m", "--cbr", "-b", str(kilobits), "-q", "2", source, target)


def telephone(source: Path, name: str) -> None:
    """Writes a sound as telephones have it."""
    target = TELEPHONES / f"{name}.ulaw"
    # Without dither equal sources make equal files.
    call("sox", "-D", source, "-t", "ul", "-r", "8000", "-c", "1", target)


def call(*command: str | Path) -> None:
    """Runs a program; says which one is missing."""
    try:
        subprocess.run([str(word) for word in command], check=True)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is missing; on Debian: apt-get install espeak-ng sox lame")


if __name__ == "__main__":
    main()
