"""
The engine that works without any service: PocketSphinx, with the US English model of its wheel. English only.

Small and old: it hears a clear voice in short sentences, and makes mistakes. docs/operate/captions.md has figures.
Its decoder holds Python's lock: the second pass (fwdflat) held it for 0.85 s at the end of an 8 s sentence, the first
alone 14 ms, with about as many words right. So there is one pass.
"""

from schoolday.agents.captions.engine import RATE_HZ, CaptionEngine, CaptionStream, Heard

_AT_MOST_SECONDS = 12.0  # a sentence that goes on is cut there: captions must come, and the decoder's memory end


class SphinxEngine:
    name = "pocketsphinx"
    languages = frozenset({"en"})

    def start(self, language: str) -> CaptionStream:
        """Return a stream; 0.4 s and about 100 MB, of which one process shares nothing between voices."""
        return SphinxStream()


class SphinxStream:
    """A voice: silence costs next to nothing, since only what the endpointer takes for speech is decoded."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder, Endpointer

        self._decoder = Decoder(samprate=RATE_HZ, loglevel="FATAL", fwdflat=False)
        self._ends = Endpointer(sample_rate=RATE_HZ)
        self._frame_bytes: int = self._ends.frame_bytes
        self._held = bytearray()
        self._inside = False
        self._bytes_inside = 0
        self._said = ""

    def feed(self, pcm: bytes) -> list[Heard]:
        self._held += pcm
        found: list[Heard] = []
        while len(self._held) >= self._frame_bytes:
            frame = bytes(self._held[: self._frame_bytes])
            del self._held[: self._frame_bytes]
            found += self._frame(frame)
        return found

    def close(self) -> list[Heard]:
        return self._finish() if self._inside else []

    def _frame(self, frame: bytes) -> list[Heard]:
        speech = self._ends.process(frame)
        if speech is None:
            return []
        if not self._inside:
            self._decoder.start_utt()
            self._inside, self._bytes_inside, self._said = True, 0, ""
        self._decoder.process_raw(speech, False, False)
        self._bytes_inside += len(speech)
        if not self._ends.in_speech or self._bytes_inside > _AT_MOST_SECONDS * RATE_HZ * 2:
            return self._finish()
        text = self._text()
        if not text or text == self._said:
            return []
        self._said = text
        return [Heard(text, final=False)]

    def _finish(self) -> list[Heard]:
        self._decoder.end_utt()
        self._inside = False
        text = self._text() or ""
        return [Heard(text, final=True)] if text or self._said else []

    def _text(self) -> str | None:
        found = self._decoder.hyp()
        return found.hypstr if found is not None else None


def engine() -> CaptionEngine:
    return SphinxEngine()
