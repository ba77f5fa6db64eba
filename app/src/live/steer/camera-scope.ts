/** Somebody else in the class, as this publisher sees her. `adult`: of the signed role. */
export interface Other {
  identity: string;
  adult: boolean;
}

export interface Allowed {
  participantIdentity: string;
  allowAll: boolean;
  allowedTrackSids?: string[];
}

/**
 * Return who may receive what of this device when its picture goes to grown-ups only: they all, the others its sound.
 * Whoever is not in the list receives nothing.
 */
export function allowedFor(others: readonly Other[], soundSids: readonly string[]): Allowed[] {
  return others.map(({ identity, adult }) =>
    adult ? { participantIdentity: identity, allowAll: true } : { participantIdentity: identity, allowAll: false, allowedTrackSids: [...soundSids] },
  );
}
