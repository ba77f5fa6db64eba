// What synthetic students show and say, encoded by the browser: a moving figure, in a colour of its own for each loop,
// and a soft tone. Returns base64.
async ({ width, height, pictures_per_second, seconds, looks }) => {
  const base64 = (chunk) => {
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    return btoa(String.fromCharCode(...bytes));
  };
  const encoded = async (Encoder, config, feed) => {
    const chunks = [];
    let trouble = null;
    const encoder = new Encoder({ output: (chunk) => chunks.push(base64(chunk)), error: (error) => (trouble = error) });
    encoder.configure(config);
    feed(encoder);
    await encoder.flush();
    encoder.close();
    if (trouble) throw trouble;
    return chunks;
  };

  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d");
  const draw = (look, turn) => {
    const hue = (360 * look) / looks;
    brush.fillStyle = `hsl(${hue} 40% 80%)`;
    brush.fillRect(0, 0, width, height);
    brush.fillStyle = `hsl(${hue} 60% 35%)`;
    brush.beginPath();
    brush.arc(width / 2 + Math.sin(turn) * 18, height * 0.4 + Math.cos(2 * turn) * 4, height * 0.22, 0, 2 * Math.PI);
    brush.fill();
    brush.fillRect(width / 2 - 30, height * 0.7, 60, height * 0.3);
  };
  const count = pictures_per_second * seconds;
  const pictures = [];
  for (let look = 0; look < looks; look++) {
    // "quality": no picture is left out to save bits.
    const config = { codec: "vp8", width, height, bitrate: 60_000, framerate: pictures_per_second, latencyMode: "quality" };
    const loop = await encoded(VideoEncoder, config, (encoder) => {
      for (let at = 0; at < count; at++) {
        draw(look, (2 * Math.PI * at) / count);
        const frame = new VideoFrame(canvas, { timestamp: (at * 1e6) / pictures_per_second });
        encoder.encode(frame, { keyFrame: at === 0 });
        frame.close();
      }
    });
    if (loop.length !== count) throw new Error(`${loop.length} of ${count} pictures`);
    pictures.push(loop);
  }

  const rate = 48_000;
  const block = rate / 50;
  const config = { codec: "opus", sampleRate: rate, numberOfChannels: 1, bitrate: 24_000 };
  const sounds = await encoded(AudioEncoder, config, (encoder) => {
    for (let at = 0; at < 3 * 50; at++) {
      const data = Float32Array.from({ length: block }, (_, i) => 0.1 * Math.sin((2 * Math.PI * 330 * (at * block + i)) / rate));
      const sound = new AudioData({
        format: "f32-planar", sampleRate: rate, numberOfFrames: block, numberOfChannels: 1, timestamp: at * 20_000, data,
      });
      encoder.encode(sound);
      sound.close();
    }
  });
  return { width, height, pictures, sounds };
};
