import { t } from "../../i18n";
import { nameIn } from "../name-in";
import type { Classroom } from "../classroom";
import { CHAT, FROZEN } from "../steer/rules";
import type { Announcer } from "./announcer";

/** Tell the announcer what happens in class. Who comes and goes, and hands, are the teacher's to know. Returns how to stop. */
export function announce(classroom: Classroom, announcer: Announcer): () => void {
  const { tiles, hands, chat, steering, leads, me, talk } = classroom;
  const here = (): Set<string> => new Set(tiles.value.filter((tile) => !tile.self).map((tile) => tile.sub));
  let before = here();
  let microphone = tiles.value.find((tile) => tile.self)?.microphone;
  let [came, left] = [0, 0];
  let newest = Math.max(-1, ...chat.value.map((one) => one.key));
  let raised = new Set(hands.value);
  const frozen = steering.cell(FROZEN);

  const people = (): void => {
    const now = here();
    came += [...now].filter((sub) => !before.has(sub)).length;
    left += [...before].filter((sub) => !now.has(sub)).length;
    before = now;
    if (leads && came + left > 0)
      announcer.say("people", () => {
        const words = t("tell_people", { came, left, here: here().size });
        [came, left] = [0, 0];
        return words;
      });
    const open = tiles.value.find((tile) => tile.self)?.microphone;
    if (open !== undefined && microphone !== undefined && open !== microphone) announcer.say("microphone", () => t(open ? "tell_microphone_on" : "tell_microphone_off"), true);
    if (open !== undefined) microphone = open;
  };
  const stops = [
    tiles.watch(people),
    hands.watch(() => {
      const fresh = hands.value.filter((sub) => !raised.has(sub) && sub !== me);
      raised = new Set(hands.value);
      if (!leads || fresh.length === 0) return;
      const name = nameIn(classroom, fresh[0]!);
      announcer.say("hands", () => (hands.value.length > 1 ? t("tell_hands", { name, count: hands.value.length }) : t("tell_hand", { name })));
    }),
    frozen.watch(() => announcer.say("frozen", () => t(frozen.value ? "tell_frozen" : "tell_thawed"), true)),
    talk.policy.watch(() => {
      if (steering.cell(CHAT).value !== "" && !leads) announcer.say("policy", () => t(talk.policy.value === "off" ? "tell_chat_off" : "tell_chat_on"), true);
    }),
    chat.watch(() => {
      const fresh = chat.value.filter((one) => one.key > newest && one.sub !== me);
      newest = Math.max(newest, ...chat.value.map((one) => one.key));
      const last = fresh.at(-1);
      if (last) announcer.say("chat", () => t("tell_chat", { name: nameIn(classroom, last.sub), text: last.text }), last.to === me);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
