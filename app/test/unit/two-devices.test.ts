import { type Room, Track } from "livekit-client";
import { expect, test } from "vitest";
import { recordedOf } from "../../src/live/record/video/who";
import { tilesOf } from "../../src/live/tiles";

interface Fake {
  camera?: boolean;
  microphone?: boolean;
  screen?: boolean;
  joinedAt?: number;
  role?: string;
}

/** A device in class, as far as faces are made of it. */
function device(identity: string, { camera = false, microphone = false, screen = false, joinedAt = 0, role = "student" }: Fake = {}) {
  const sends = new Map<Track.Source, boolean>([
    [Track.Source.Camera, camera],
    [Track.Source.Microphone, microphone],
    [Track.Source.ScreenShare, screen],
  ]);
  return {
    identity, kind: 0, isActive: true, isLocal: false, attributes: { role }, joinedAt: new Date(joinedAt),
    isCameraEnabled: camera, isMicrophoneEnabled: microphone, isSpeaking: microphone,
    getTrackPublication: (source: Track.Source) => (sends.get(source) ? { isMuted: false, track: { of: identity } } : undefined),
  };
}
type Device = ReturnType<typeof device>;

const classOf = (own: Device, ...others: Device[]): Room =>
  ({ localParticipant: { ...own, isLocal: true }, remoteParticipants: new Map(others.map((one) => [one.identity, one])) }) as unknown as Room;
const TEACHER = device("ruiz.d1", { camera: true, role: "teacher" });
const MEMBERS = [{ id: "naika", name: "Naïka", role: "student" as const }];
const seen = (room: Room) => tilesOf(room, { members: MEMBERS, quiet: false, leads: true, myName: "Ms. Ruiz" });
const naika = (...devices: Device[]) => {
  const hers = seen(classOf(TEACHER, ...devices)).filter(({ sub }) => sub === "naika");
  expect(hers).toHaveLength(1);
  return hers[0]!;
};

test("of two devices the one whose camera is on is the face, wherever it stands and whenever it came", () => {
  const [tablet, phone] = [device("naika.tab", { camera: true, joinedAt: 1 }), device("naika.fon", { joinedAt: 2 })];
  for (const both of [[tablet, phone], [phone, tablet]]) {
    expect(naika(...both)).toMatchObject({ face: "naika.tab", cameraOn: true, name: "Naïka" });
    expect([...naika(...both).devices].sort()).toEqual(["naika.fon", "naika.tab"]);
  }
});

test("of two cameras, and of none, the device that came last is the face", () => {
  for (const camera of [true, false]) {
    const [lost, next] = [device("naika.old", { camera, joinedAt: 1 }), device("naika.new", { camera, joinedAt: 2 })];
    expect(naika(lost, next).face).toBe("naika.new");
    expect(naika(next, lost).face).toBe("naika.new");
  }
});

test("what any of her devices says or shows is hers", () => {
  const both = [device("naika.tab", { camera: true }), device("naika.fon", { microphone: true, screen: true })];
  expect(naika(...both)).toMatchObject({ face: "naika.tab", microphone: true, speaking: true, screen: { of: "naika.fon" } });
});

test("at her own device its own microphone is what its button says", () => {
  const own = device("naika.tab");
  const [me] = seen(classOf(own, device("naika.fon", { camera: true, microphone: true }))).filter(({ sub }) => sub === "naika");
  expect(me).toMatchObject({ self: true, face: "naika.tab", microphone: false, speaking: false });
});

test("who is left out of a recording is named once", () => {
  const room = classOf(TEACHER, device("naika.tab", { camera: true }), device("naika.fon", { microphone: true }));
  expect(recordedOf(room, MEMBERS, false).leftOut).toEqual(["naika"]);
});
