/** One sound of several: each voice is a node of its own, and who is not given is not connected at all. */
export class Mix {
  readonly #context = new AudioContext();
  readonly #out = this.#context.createMediaStreamDestination();
  readonly #inputs = new Map<string, { track: MediaStreamTrack; node: MediaStreamAudioSourceNode }>();

  constructor() {
    // Silence of our own: the recording has a sound from its first moment, also while nobody speaks.
    const silence = this.#context.createConstantSource();
    silence.offset.value = 0;
    silence.connect(this.#out);
    silence.start();
    void this.#context.resume();
  }

  get track(): MediaStreamTrack {
    return this.#out.stream.getAudioTracks()[0]!;
  }

  /** From now on exactly these are heard. */
  take(tracks: ReadonlyMap<string, MediaStreamTrack>): void {
    for (const [key, { track, node }] of this.#inputs) {
      if (tracks.get(key) === track) continue;
      node.disconnect();
      this.#inputs.delete(key);
    }
    for (const [key, track] of tracks) {
      if (this.#inputs.has(key)) continue;
      const node = this.#context.createMediaStreamSource(new MediaStream([track]));
      node.connect(this.#out);
      this.#inputs.set(key, { track, node });
    }
  }

  close(): void {
    this.take(new Map());
    void this.#context.close();
  }
}
