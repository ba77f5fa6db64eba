/** Say whether the device itself knows that it has no line. That it has one, it cannot know. */
export const isOffline = (): boolean => globalThis.navigator?.onLine === false;
