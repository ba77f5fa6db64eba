import { useState } from "preact/hooks";
import { HelpDialog } from "../help/help-dialog";
import { t } from "../i18n";
import { go } from "../lib/route";
import type { Sitting } from "../plan/day";
import { Dialog } from "../ui/dialog";
import { LanguageMenu } from "../ui/language-menu";
import { useCell } from "../ui/use-cell";
import { BarButton } from "./bar-button";
import { useUnread } from "./chat-unread";
import type { Classroom } from "./classroom";
import { muteMicrophones } from "./moderate";
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
  const close = (act: () => void) => () => {
    setMore(false);
    act();
  };
  return (
    <div class="bar" role="toolbar" aria-label={t("bar")} data-testid="bar">
      {/* An observer sees and hears, and is seen; an interpreter has picture and voice, and asks for no turn. */}
      {role !== "observer" && <BarButton icon={media.microphone ? "mic" : "mic_off"} label={t("microphone_short")} on={media.microphone} disabled={props.quiet || !media.may.microphone} testid="microphone" onClick={() => void media.toggle("microphone")} />}
      {role !== "observer" && <BarButton icon={media.camera ? "camera" : "camera_off"} label={t("camera")} on={media.camera} disabled={!media.may.camera} testid="camera" onClick={() => void media.toggle("camera")} />}
      {role !== "observer" && role !== "interpreter" && <BarButton icon="hand" label={t("hand")} on={hand} testid="hand" onClick={() => void classroom.raiseHand(!hand)} />}
      {role !== "observer" && <BarButton icon="chat" label={unread > 0 ? t("chat_unread", { count: unread }) : t("chat")} on={chatOpen} testid="chat" onClick={() => classroom.panel.set(chatOpen ? "" : "chat")} />}
      {props.teaches && TOOLS.map((one) => one.Bar && <one.Bar key={one.id} {...tool} />)}
      <BarButton icon="more" label={t("more")} on={more} testid="more" onClick={() => setMore(true)} />
      {help && <HelpDialog onClose={() => setHelp(false)} />}
      {more && (
        <Dialog title={t("more")} onClose={() => setMore(false)} testid="more-dialog">
          <div class="more">
            {props.admin && (
              <button class="usa-button usa-button--outline" data-testid="mute-all" onClick={close(() => void muteMicrophones(classroom, "all_students"))}>
                {t("mute_all")}
              </button>
            )}
            {props.teaches && (
              <>
                <button class="usa-button usa-button--outline" data-testid="toggle-list" onClick={close(props.onList)}>
                  {props.listOpen ? t("list_hide") : t("list_show")}
                </button>
              </>
            )}
            {TOOLS.map((one) => one.Menu && <one.Menu key={one.id} {...tool} close={() => setMore(false)} />)}
            <LanguageMenu />
            <button class="usa-button usa-button--outline" data-testid="help-in-class" onClick={close(() => setHelp(true))}>{t("help_button")}</button>
            <button class="usa-button usa-button--secondary" data-testid="leave" onClick={close(() => go("/"))}>
              {t("leave")}
            </button>
            <button class="usa-button usa-button--outline" onClick={() => setMore(false)}>{t("stay")}</button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
