import { useEffect, useState } from "preact/hooks";
import { ClassList } from "../class-list/class-list";
import { MovedBanner } from "../detour/moved-banner";
import { addWords, t } from "../i18n";
import type { LiveProps } from "../joining/live-loader";
import { NoticeBanners } from "../notices/notice-banners";
import { bundle } from "../state";
import { Alert } from "../ui/alert";
import { useCell } from "../ui/use-cell";
import { Bar } from "./bar";
import { ChatPanel } from "./chat-panel";
import { Grid } from "./grid";
import { LineWords } from "./line-words";
import { placeOf } from "./seat-token";
import { mayModerate } from "./seat-token";
import { Called } from "./steer/called";
import { FROZEN, STAGE } from "./steer/rules";
import { keepRules } from "./steer/keep-rules";
import { useActions } from "./steer/use-actions";
import { looksAfter } from "./roles/roles";
import { TOOLS } from "./tools";
import { LIVE_WORDS } from "./words";
import { AloneBanner } from "../watch/alone-banner";
import { QuietBanner } from "./quiet-banner";
import { useClassroom } from "./use-classroom";
import { useFirstMedia } from "./use-media";
import { useSupervision } from "./use-supervision";
import { useTurn } from "./use-turn";

/** Load the words of the live class; call it before the screen is shown. */
export const loadWords = (): Promise<void> => addWords(...LIVE_WORDS);

/** The live class: pictures first, one bar below; for a teacher the class list at the side. */
export function LiveScreen(props: LiveProps) {
  const { sitting } = props;
  const classroom = useClassroom(props);
  const turn = useTurn(props);
  const supervised = useSupervision(classroom, sitting);
  const media = useFirstMedia(classroom, sitting.role !== "observer");
  const line = useCell(classroom.line);
  const quiet = useCell(classroom.quiet) && line === "open";
  const tiles = useCell(classroom.tiles);
  const hands = useCell(classroom.hands);
  const soundBlocked = useCell(classroom.soundBlocked);
  const panel = useCell(classroom.panel);
  const onStage = useCell(classroom.steering.cell(STAGE));
  const frozen = useCell(classroom.steering.cell(FROZEN));
  const actions = useActions(classroom, tiles, hands);
  const tool = { classroom, sitting };
  const section = props.section ?? bundle.value?.sections.find((one) => one.id === sitting.section);
  const teaches = looksAfter(sitting.role);
  const [list, setList] = useState(teaches);
  const side = teaches && list && section;
  const chat = panel === "chat";
  const Panel = TOOLS.find((one) => one.id === panel)?.Panel;
  const Stage = TOOLS.find((one) => one.id === onStage.what)?.Stage;
  useEffect(() => {
    const stops = [keepRules(classroom), ...TOOLS.flatMap((one) => one.start?.(tool) ?? [])];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <section
      class={`live ${side || chat || Panel ? "with-side" : ""}`} data-testid="live-room" data-line={line} data-quiet={quiet}
      data-node={classroom.seat?.node} data-turn={turn} data-place={placeOf(classroom.seat)} data-frozen={frozen}
    >
      <h1 class="usa-sr-only">{sitting.title}</h1>
      {/* It may scroll, so it can be reached by keys also where nothing in it can. */}
      <div class="live-main" role="region" aria-label={sitting.title} tabIndex={0}>
        <NoticeBanners />
        <MovedBanner sitting={sitting} sub={classroom.me} onGone={props.onGone} />
        <AloneBanner except={sitting.id} />
        <LineWords classroom={classroom} sitting={sitting} onBack={props.onNewTicket} />
        {quiet && <QuietBanner sitting={sitting} supervised={supervised} />}
        {TOOLS.map((one) => one.Banner && <one.Banner key={one.id} {...tool} />)}
        <Called classroom={classroom} media={media} />
        {media.refused && <Alert kind="info" testid="no-media">{t("media_refused")}</Alert>}
        {soundBlocked && (
          <button class="usa-button usa-button--big sound" data-testid="start-sound" onClick={() => void classroom.room.startAudio()}>
            {t("start_sound")}
          </button>
        )}
        {Stage && <Stage {...tool} item={onStage.item} />}
        <Grid classroom={classroom} tiles={tiles} hands={hands} staged={Stage !== undefined} />
      </div>
      {(side || chat || Panel) && (
        <aside class="live-side">
          {chat && <ChatPanel classroom={classroom} section={sitting.section} quiet={quiet || (frozen && !classroom.leads)} onClose={() => classroom.panel.set("")} />}
          {Panel && <Panel {...tool} />}
          {side && (
            <ClassList
              section={section} sitting={props.section ? undefined : sitting} live={new Set(tiles.filter((tile) => !tile.waits).map((tile) => tile.sub))}
              actions={actions}
            />
          )}
        </aside>
      )}
      <Bar
        classroom={classroom} media={media} quiet={quiet} teaches={teaches} admin={teaches && mayModerate(classroom.seat)} sitting={sitting} listOpen={list} onList={() => setList(!list)}
      />
    </section>
  );
}
