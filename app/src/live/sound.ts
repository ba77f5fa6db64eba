import { type RemoteParticipant, type RemoteTrack, Track } from "livekit-client";
import { adultRole } from "./adults";

/** Everybody's sound, each from an element of its own; while it is quiet, grown-ups' only. */
export class Sound {
  readonly #playing = new Map<RemoteTrack, { element: HTMLMediaElement; from: RemoteParticipant }>();
  #quiet = true;

  play(track: RemoteTrack, from: RemoteParticipant): void {
    if (track.kind !== Track.Kind.Audio) return;
    const element = track.attach();
    element.muted = this.#silences(from);
    document.body.append(element);
    this.#playing.set(track, { element, from });
  }

  stop(track: RemoteTrack): void {
    const { element } = this.#playing.get(track) ?? {};
    this.#playing.delete(track);
    track.detach();
    element?.remove(); // a track that ended with its server has let go of it already
  }

  quiet(quiet: boolean): void {
    this.#quiet = quiet;
    for (const { element, from } of this.#playing.values()) element.muted = this.#silences(from);
  }

  #silences = (from: RemoteParticipant): boolean => this.#quiet && adultRole(from.attributes) === null;
}
