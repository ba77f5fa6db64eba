"""What a browser of a test receives and plays, measured in the page: sound levels, frames, bytes, tones."""

import math
import time
from typing import Any

from playwright.sync_api import Page

HEARD = 0.002  # root mean square; the browser's fake microphone beeps once a second, silence is exactly 0

# Runs before the page's own scripts: keeps all connections, and listens to what the page itself plays (a chime).
MEASURE = """
(() => {
  const all = (window.allConnections = []);
  const Made = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Made { constructor(...a) { super(...a); all.push(this); } };
  window.chimePeak = 0;
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination && this instanceof GainNode) {
      const analyser = this.context.createAnalyser();
      const samples = new Float32Array(analyser.fftSize);
      connect.call(this, analyser);
      const timer = setInterval(() => {
        if (this.context.state === "closed") return clearInterval(timer);
        analyser.getFloatTimeDomainData(samples);
        window.chimePeak = Math.max(window.chimePeak, ...samples.map(Math.abs));
      }, 20);
    }
    return connect.call(this, to, ...rest);
  };
})();
"""
# The browser's fake microphone beeps: too little for LiveKit to call it speaking. This one hums without a pause.
HUMS = """
(() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    if (!wanted.audio) return stream;
    const context = new AudioContext();
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const out = context.createMediaStreamDestination();
    volume.gain.value = 0.5;
    tone.connect(volume).connect(out);
    tone.start();
    return new MediaStream([...stream.getVideoTracks(), ...out.stream.getAudioTracks()]);
  };
})();
"""
_RECEIVED = """
async () => {
  const sum = { energy: 0, seconds: 0, frames: 0, bytes: 0, connections: 0 };
  for (const one of window.allConnections) {
    if (one.connectionState === "closed") continue;
    sum.connections++;
    for (const stat of (await one.getStats()).values()) {
      if (stat.type === "transport") sum.bytes += (stat.bytesReceived || 0) + (stat.bytesSent || 0);
      if (stat.type !== "inbound-rtp") continue;
      sum.energy += stat.totalAudioEnergy || 0;
      sum.seconds += stat.totalSamplesDuration || 0;
      sum.frames += stat.framesDecoded || 0;
    }
  }
  return sum;
}
"""
# Elements that play somebody's sound aloud now.
_PLAYING = """
() => [...document.querySelectorAll("audio")].filter((one) => !one.muted && !one.paused && one.srcObject?.active).length
"""


def received(page: Page) -> dict[str, Any]:
    """
    Sums over all open connections: `energy` and `seconds` of decoded sound, `frames` decoded, `bytes` on the line.

    All only rise while a connection is open; one that closes takes its part away.
    """
    return dict(page.evaluate(_RECEIVED))


def level(page: Page, *, seconds: float = 2.0) -> float:
    """Root mean square of the sound decoded in this time, 0 to 1, averaged over its tracks (totalAudioEnergy)."""
    before = received(page)
    time.sleep(seconds)
    after = received(page)
    span = after["seconds"] - before["seconds"]
    return math.sqrt(max(0.0, after["energy"] - before["energy"]) / span) if span > 0 else 0.0


def playing(page: Page) -> int:
    """How many people's sound this page plays aloud."""
    return int(page.evaluate(_PLAYING))


def chime_peak(page: Page) -> float:
    """The loudest sample of what the page itself has played, 0 to 1."""
    return float(page.evaluate("window.chimePeak"))


def silent(page: Page) -> bool:
    """Forget what the page has played so far, and say whether it plays nothing for a second."""
    page.evaluate("window.chimePeak = 0")
    page.wait_for_timeout(1_000)
    return chime_peak(page) == 0
