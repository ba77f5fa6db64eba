import { useState } from "preact/hooks";
import { HelpDialog } from "../help/help-dialog";
import { t } from "../i18n";
import type { Sitting } from "../plan/day";
import { useCell } from "../ui/use-cell";
import { BarButton } from "./bar-button";
import { useUnread } from "./chat-unread";
import type { Classroom } from "./classroom";
import { MoreDialog } from "./more-dialog";
import { TOOLS } from "./tools";
import type { Media } from "./use-media";

/** The one bar: five buttons for a student, never more; a teacher's further ones are behind the last. */
export function Bar(props: {
  classroom: Classroom;
  media: Media;
  /** No grown-up is here: the microphone rests. */
  quiet: boolean;
  teaches: boolean;
  admin: boolean;
  sitting: Sitting;
  listOpen: boolean;
  onList: () => void;
}) {
  const { classroom, media } = props;
  const { role } = props.sitting;
  const [more, setMore] = useState(false);
  const [help, setHelp] = useState(false);
  const hand = useCell(classroom.hands).includes(classroom.me);
  const chatOpen = useCell(classroom.panel) === "chat";
  const unread = useUnread(classroom, chatOpen);
  const tool = { classroom, sitting: props.sitting };
  return (
    <div class="bar" role="toolbar" aria-label={t("bar")} data-testid="bar">
      {/* An observer sees and hears, and is seen; an interpreter has picture and voice. Students ask for a turn; a grown-up has hers. */}
      {role !== "observer" && <BarButton icon={media.microphone ? "mic" : "mic_off"} label={t("microphone_short")} on={media.microphone} disabled={props.quiet || !media.may.microphone} testid="microphone" onClick={() => void media.toggle("microphone")} />}
      {role !== "observer" && <BarButton icon={media.camera ? "camera" : "camera_off"} label={t("camera")} on={media.camera} disabled={!media.may.camera} testid="camera" onClick={() => void media.toggle("camera")} />}
      {role === "student" && <BarButton icon="hand" label={t("hand")} on={hand} testid="hand" onClick={() => void classroom.handTalk.raise(!hand)} />}
      {role !== "observer" && <BarButton icon="chat" label={unread > 0 ? t("chat_unread", { count: unread }) : t("chat")} on={chatOpen} testid="chat" onClick={() => classroom.panel.set(chatOpen ? "" : "chat")} />}
      {props.teaches && TOOLS.map((one) => one.Bar && <one.Bar key={one.id} {...tool} />)}
      <BarButton icon="more" label={t("more")} on={more} testid="more" onClick={() => setMore(true)} />
      {help && <HelpDialog onClose={() => setHelp(false)} />}
      {more && (
        <MoreDialog
          {...tool} teaches={props.teaches} admin={props.admin} listOpen={props.listOpen} onList={props.onList}
          onHelp={() => setHelp(true)} onClose={() => setMore(false)}
        />
      )}
    </div>
  );
}
