import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n";
import { LANGUAGES } from "../../i18n/languages";
import { useCell } from "../../ui/use-cell";
import { nameIn } from "../name-in";
import type { Classroom } from "../classroom";
import type { ToolProps } from "../tool";
import { perMinute } from "./bytes";
import { CAPTIONS } from "./caption";
import { languageName } from "./captions-strip";
import { followingIn, type Following } from "./following";
import { CAPTIONS_SHOWN, CAPTIONS_SIZE, CAPTIONS_SPOKEN, type Choice, CONTRAST, SHORTCUTS, TOLD } from "./kept-choices";
import { KeysTable } from "./keys-table";
import { Pins } from "./pins";

/** All that helps to follow the class, in one place. */
export function FollowPanel({ classroom, sitting }: ToolProps) {
  const following = useCell(followingIn(classroom));
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <section class="follow" aria-label={t("follow_title")} data-testid="follow-panel">
      <div class="side-head">
        <h2 ref={head} tabIndex={-1}>{t("follow_title")}</h2>
        <button class="usa-button usa-button--unstyled" data-testid="follow-close" onClick={() => classroom.panel.set("")}>{t("close")}</button>
      </div>
      {following && <SaverPart following={following} />}
      {following && <CaptionsPart classroom={classroom} following={following} />}
      <Pins classroom={classroom} />
      <Part title={t("follow_look")}>
        <Radios choice={CONTRAST} legend={t("contrast")} words={{ as_device: t("contrast_device"), more: t("contrast_more") }} />
        <Radios choice={TOLD} legend={t("told")} words={{ all: t("told_all"), own: t("told_own"), none: t("told_none") }} />
      </Part>
      <Part title={t("keys_title")}>
        <Radios choice={SHORTCUTS} legend={t("keys_use")} words={{ on: t("keys_on"), off: t("keys_off") }} />
        <KeysTable leads={classroom.leads} role={sitting.role} />
      </Part>
    </section>
  );
}

function SaverPart({ following: { saver } }: { following: Following }) {
  const on = useCell(saver.on);
  const rate = useCell(saver.rate);
  return (
    <Part title={t("saver")}>
      <p data-testid="saver-rate">{rate ? t("saver_now", { now: perMinute(rate.perMinute) }) : t("saver_counting")}</p>
      <button class="usa-button usa-button--outline" aria-pressed={on} data-testid="saver-toggle" onClick={() => saver.use(!on)}>
        {t(on ? "saver_back" : "saver_yes")}
      </button>
    </Part>
  );
}

function CaptionsPart({ classroom, following: { captions } }: { classroom: Classroom; following: Following }) {
  const on = useCell(classroom.steering.cell(CAPTIONS));
  const lines = useCell(captions.log.lines);
  const agent = useCell(captions.agent.state);
  return (
    <Part title={t("captions")}>
      {classroom.leads && (
        <>
          <button class="usa-button usa-button--outline" aria-pressed={on} data-testid="captions-class" onClick={() => void classroom.steering.set(CAPTIONS, !on)}>
            {t(on ? "captions_class_off" : "captions_class_on")}
          </button>
          <p class="hint" data-testid="captions-by" data-agent={agent}>{t(agent === "on" ? "captions_by_school" : "captions_maker")}</p>
          <Radios
            choice={CAPTIONS_SPOKEN} legend={t("captions_spoken")}
            words={{ "": t("captions_spoken_app"), ...Object.fromEntries(LANGUAGES.map(([code, name]) => [code, name])) }}
          />
        </>
      )}
      {!classroom.leads && !on && <p class="hint">{t("captions_are_off")}</p>}
      <Radios choice={CAPTIONS_SHOWN} legend={t("captions_here")} words={{ shown: t("captions_show"), hidden: t("captions_hide") }} />
      <Radios choice={CAPTIONS_SIZE} legend={t("captions_size")} words={{ large: t("captions_large"), larger: t("captions_larger"), largest: t("captions_largest") }} />
      {on && (
        <details class="transcript">
          <summary>{t("captions_transcript")}</summary>
          <ol aria-live="off" data-testid="transcript">
            {lines.map((one) => (
              <li key={`${one.sub}${one.id}`}><strong>{nameIn(classroom, one.sub)}</strong> <span class="lang">{languageName(one.lang)}</span> <span lang={one.lang}>{one.text}</span></li>
            ))}
          </ol>
        </details>
      )}
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return <section class="part"><h3>{title}</h3>{children}</section>;
}

function Radios<T extends string>({ choice, legend, words }: { choice: Choice<T>; legend: string; words: Partial<Record<T, string>> }) {
  const chosen = useCell(choice.cell);
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {choice.words.filter((one) => words[one]).map((one) => (
        <label key={one}>
          <input type="radio" name={choice.name} checked={chosen === one} data-testid={`${choice.name}-${one}`} onChange={() => choice.set(one)} /> {words[one]}
        </label>
      ))}
    </fieldset>
  );
}
