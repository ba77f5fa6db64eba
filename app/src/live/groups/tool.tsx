import { t } from "../../i18n";
import { chime } from "../../ui/chime";
import { useCell } from "../../ui/use-cell";
import { BarButton } from "../bar-button";
import type { Tool, ToolProps } from "../tool";
import { HAND_NOTE, handSound } from "../steer/hand-alert";
import { Alarm } from "./alarm";
import { InterpreterBanner } from "./interpreter-banner";
import { deskOf, interpreterOf, studentOf } from "./of-classroom";
import { GroupsPanel } from "./panel";
import { StudentBanner } from "./student-banner";
import { TeacherBanner } from "./teacher-banner";
import type { View } from "./views";

const ID = "groups";

function Banner(props: ToolProps) {
  if (props.classroom.leads) return <TeacherBanner {...props} />;
  return props.sitting.role === "interpreter" ? <InterpreterBanner {...props} /> : <StudentBanner {...props} />;
}

function Bar({ classroom, sitting }: ToolProps) {
  const open = useCell(classroom.panel) === ID;
  const hands = handsElsewhere(useCell(deskOf(classroom, sitting).views), useCell(classroom.group));
  return <BarButton icon="groups" label={t("groups")} hands={hands} on={open} testid="groups" onClick={() => classroom.panel.set(open ? "" : ID)} />;
}

function start({ classroom, sitting }: ToolProps): () => void {
  if (!classroom.leads) return (sitting.role === "interpreter" ? interpreterOf(classroom, sitting) : studentOf(classroom)).start();
  const desk = deskOf(classroom, sitting);
  const alarm = new Alarm();
  let before = 0;
  // A hand that goes up in a group sounds as one in the class does.
  const hands = (): void => {
    const now = handsElsewhere(desk.views.value, classroom.group.value);
    if (now > before && handSound.value) chime(HAND_NOTE);
    before = now;
  };
  const stops = [desk.start(), desk.calls.watch(() => alarm.show(desk.calls.value.length)), desk.views.watch(hands)];
  return () => {
    for (const stop of stops) stop();
    alarm.show(0);
  };
}

/** How many hands are up in the groups where this device is not. */
const handsElsewhere = (views: readonly View[], here: number): number =>
  views.filter((one) => one.group !== here).reduce((sum, one) => sum + one.hands.length, 0);

/** A class in groups, each a place of its own, looked after by its grown-ups. */
export const groupsTool: Tool = { id: ID, start, Banner, Bar, Panel: GroupsPanel };
