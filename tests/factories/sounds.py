"""Short recordings: a tone of two seconds, as telephones and browsers would send it."""

import io
import wave
from pathlib import Path

FOLDER = Path(__file__).parent / "sounds"


def wav(*, seconds=2, a_second=8000):
    """Return a WAV file of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(a_second)
        sound.writeframes(b"\x80" * (seconds * a_second))
    return file.getvalue()


def recorded(name):
    """Return one of the recordings that are kept beside this file."""
    return (FOLDER / name).read_bytes()
