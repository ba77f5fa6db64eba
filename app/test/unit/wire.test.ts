import { ConnectionState, Room, RoomEvent } from "livekit-client";
import { expect, test } from "vitest";
import { Wire } from "../../src/live/wire";

/** A room whose line the test opens and closes. */
class Line {
  readonly sent: unknown[] = [];
  readonly #looks = new Set<(state: ConnectionState) => void>();
  readonly localParticipant = { publishData: async (_: unknown, how: unknown) => void this.sent.push(how) };
  readonly wire = new Wire(this as never);

  constructor(public state = ConnectionState.Connected) {}

  on(event: RoomEvent, look: (state: ConnectionState) => void): void {
    if (event === RoomEvent.ConnectionStateChanged) this.#looks.add(look);
  }

  off(_: RoomEvent, look: (state: ConnectionState) => void): void {
    this.#looks.delete(look);
  }

  get watched(): number {
    return this.#looks.size;
  }

  become(state: ConnectionState): void {
    this.state = state;
    for (const look of new Set(this.#looks)) look(state);
  }
}

test("an empty list of receivers is nobody, not everybody", async () => {
  const { wire, sent } = new Line();
  await wire.send("chat", { text: "psst" }, []);
  expect(sent).toEqual([]);
  await wire.send("chat", { text: "hello" });
  await wire.send("chat", { text: "psst" }, ["a.1"]);
  expect(sent).toEqual([{ reliable: true, topic: "chat" }, { reliable: true, topic: "chat", destinationIdentities: ["a.1"] }]);
});

test("what is said while the line opens waits for it, in its order", async () => {
  const line = new Line(ConnectionState.Connecting);
  const said = [line.wire.send("chat", { text: "one" }), line.wire.send("hand", { up: true })];
  await Promise.resolve();
  expect(line.sent).toEqual([]);
  line.become(ConnectionState.Connected);
  await Promise.all(said);
  expect(line.sent).toEqual([{ reliable: true, topic: "chat" }, { reliable: true, topic: "hand" }]);
  expect(line.watched).toBe(0);
});

test("without a line, and where none could be opened, the sender is told", async () => {
  const line = new Line(ConnectionState.Disconnected);
  await expect(line.wire.send("chat", { text: "one" })).rejects.toThrow("no line");
  line.state = ConnectionState.Connecting;
  const said = line.wire.send("chat", { text: "two" });
  line.become(ConnectionState.Disconnected);
  await expect(said).rejects.toThrow("no line");
  expect(line.sent).toEqual([]);
  line.become(ConnectionState.Reconnecting); // LiveKit's client keeps what is sent until the line is back
  await line.wire.send("chat", { text: "three" });
  expect(line.sent).toHaveLength(1);
});

test("a word that could not be sent is not the last one that can be: the next is tried anew", async () => {
  const room = new Room();
  const tried = (): unknown => Reflect.get(room.engine, "publisherConnectionPromise");
  await expect(room.localParticipant.publishData(new Uint8Array(1), { reliable: true })).rejects.toThrow("closed");
  await expect(tried(), "LiveKit's client keeps it; if this fails it no longer does, and our part can go").rejects.toThrow("closed");
  room.state = ConnectionState.Connected; // a line whose way out is not there yet
  await expect(new Wire(room).send("chat", { text: "one" })).rejects.toThrow("closed");
  expect(tried()).toBeUndefined();
});
