import { useState } from "preact/hooks";
import { t } from "../i18n";
import { type CheckResult, write } from "../keep/kept";
import { clock } from "../lib/clock";
import { check } from "../state";
import { Link } from "../ui/link";
import { LineCheck } from "./line-check";
import { MediaCheck } from "./media-check";
import { SpeakerCheck } from "./speaker-check";

/** Camera, microphone, line and speakers, each with plain advice when it does not work. The result shows on Today. */
export function CheckScreen() {
  const [found, setFound] = useState<CheckResult>({ at: clock.now(), camera: "skipped", microphone: "skipped", line: "skipped" });

  function note(part: Partial<CheckResult>): void {
    setFound((before) => {
      const now = { ...before, ...part, at: clock.now() };
      check.set(now);
      void write("check", now);
      return now;
    });
  }

  return (
    <section class="check" data-testid="check" data-camera={found.camera} data-microphone={found.microphone} data-line={found.line}>
      <h1>{t("check_title")}</h1>
      <div class="check-parts">
        <MediaCheck onFound={note} />
        <LineCheck onFound={(line) => note({ line })} />
        <SpeakerCheck />
      </div>
      <Link to="/" class="usa-button usa-button--big">{t("back_to_today")}</Link>
    </section>
  );
}
