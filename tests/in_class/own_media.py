"""A camera and a microphone that are known: one colour and one tone a person, so that a file shows who is in it."""

import json
from typing import Any

# What getUserMedia gives: a picture of one colour in which a black bar walks, and a tone that swells six times a second
# (a steady one would be taken for noise and left out by the codec).
_SCRIPT = """
(() => {
  const {colour, hertz} = %s;
  const context = new AudioContext();
  const ask = async (wanted) => {
    const stream = new MediaStream();
    if (wanted.video) {
      const canvas = document.createElement('canvas'), paint = canvas.getContext('2d');
      [canvas.width, canvas.height] = [640, 360];
      let at = 0;
      const draw = () => {
        paint.fillStyle = colour;
        paint.fillRect(0, 0, 640, 360);
        paint.fillStyle = 'black';
        paint.fillRect((at++ * 16) %% 640, 0, 80, 360);
      };
      draw();
      setInterval(draw, 66);
      stream.addTrack(canvas.captureStream(15).getVideoTracks()[0]);
    }
    if (wanted.audio) {
      await context.resume();
      const tone = context.createOscillator(), swell = context.createOscillator();
      const depth = context.createGain(), gain = context.createGain();
      const out = context.createMediaStreamDestination();
      tone.frequency.value = hertz;
      swell.frequency.value = 6;
      gain.gain.value = depth.gain.value = 0.2;
      swell.connect(depth).connect(gain.gain);
      tone.connect(gain).connect(out);
      tone.start();
      swell.start();
      stream.addTrack(out.stream.getAudioTracks()[0]);
    }
    return stream;
  };
  navigator.mediaDevices.getUserMedia = ask;
})();
"""

# What the browser's own player and decoder make of a file. Pictures: frames as the player shows them, each with the
# share of its points that is of each colour, and how much it differs from the one before. Sound: in half seconds, the
# level of each tone (Goertzel under a Hann window), 1 being a full swing.
_DECODE = """async ({url, hertz}) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(url + ' ' + answer.status);
  const bytes = await answer.arrayBuffer();
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], {type: answer.headers.get('content-type')}));
  await new Promise((done, failed) => { video.onloadedmetadata = done; video.onerror = failed; });
  const canvas = new OffscreenCanvas(320, 180), paint = canvas.getContext('2d', {willReadFrequently: true});
  const pictures = [];
  let before = null;
  const look = (at) => {
    paint.drawImage(video, 0, 0, 320, 180);
    const points = paint.getImageData(0, 0, 320, 180).data;
    const share = {red: 0, green: 0, blue: 0, white: 0, violet: 0, pink: 0};
    let moved = 0;
    for (let i = 0; i < points.length; i += 4) {
      const [r, g, b] = [points[i], points[i + 1], points[i + 2]];
      if (r > g + 60 && r > b + 60) share.red++;
      if (g > r + 60 && g > b + 60) share.green++;
      if (b > r + 60 && b > g + 60) share.blue++;
      if (Math.min(r, g, b) > 225) share.white++;
      if (b > g + 60 && r > g + 30 && b > r + 30) share.violet++;
      if (Math.min(r, b) > g + 90) share.pink++;
      if (before && Math.abs(r - before[i]) + Math.abs(g - before[i + 1]) + Math.abs(b - before[i + 2]) > 90) moved++;
    }
    before = points;
    for (const name in share) share[name] /= points.length / 4;
    pictures.push({at, ...share, moved: moved / (points.length / 4)});
  };
  const seek = (to) => new Promise((done) => { video.onseeked = done; video.currentTime = to; });
  await seek(video.duration / 2);
  const sought = video.currentTime;
  await seek(0);
  await new Promise((done, failed) => {
    const each = (now, {mediaTime}) => { look(mediaTime); if (!video.ended) video.requestVideoFrameCallback(each); };
    video.requestVideoFrameCallback(each);
    video.onended = done;
    video.onerror = failed;
    video.play().catch(failed);
  });
  const sound = await new AudioContext().decodeAudioData(bytes.slice(0));
  const wave = sound.getChannelData(0), step = sound.sampleRate / 2, levels = [];
  for (let from = 0; from + step <= wave.length; from += step) {
    const row = {};
    for (const [who, one] of Object.entries(hertz)) {
      let real = 0, imaginary = 0;
      for (let i = 0; i < step; i++) {
        const turn = 2 * Math.PI * one * i / sound.sampleRate, under = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / step);
        real += wave[from + i] * under * Math.cos(turn);
        imaginary += wave[from + i] * under * Math.sin(turn);
      }
      row[who] = 4 * Math.hypot(real, imaginary) / step;
    }
    levels.push(row);
  }
  const frames = video.getVideoPlaybackQuality().totalVideoFrames;
  const {duration, videoWidth: width, videoHeight: height} = video;
  return {frames, seconds: duration, width, height, sought, pictures, levels};
}"""

# How loud a tone is in what a page plays of somebody: each person's sound is an element of its own.
_PLAYED = """async (hertz) => {
  const context = new AudioContext();
  let most = 0;
  for (const element of document.querySelectorAll('audio')) {
    if (!element.srcObject) continue;
    const ear = context.createAnalyser();
    ear.fftSize = 8192;
    context.createMediaStreamSource(element.srcObject).connect(ear);
    await new Promise((done) => setTimeout(done, 700));
    const bins = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(bins);
    most = Math.max(most, 10 ** (bins[Math.round(hertz * ear.fftSize / context.sampleRate)] / 20));
  }
  await context.close();
  return most;
}"""


def known_media(*, colour: str, hertz: int) -> str:
    """The script after which a page's camera is of this colour and its microphone of this tone."""
    return _SCRIPT % json.dumps({"colour": colour, "hertz": hertz})


def decoded(page: Any, url: str, *, hertz: dict[str, int]) -> Any:
    """Decode a film in this page, which must have the same origin: all its frames, played, and its sound."""
    return page.evaluate(_DECODE, {"url": url, "hertz": hertz})


def played(page: Any, hertz: int) -> float:
    """How loud this tone is in what a page of the class receives now, of whomever."""
    return float(page.evaluate(_PLAYED, hertz))
