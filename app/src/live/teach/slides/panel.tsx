import { useEffect, useState } from "preact/hooks";
import { t } from "../../../i18n";
import { Alert } from "../../../ui/alert";
import { useCell } from "../../../ui/use-cell";
import { STAGE } from "../../steer/rules";
import type { ToolProps } from "../../tool";
import { filesOf, loadFile } from "../links/files";
import type { KeptFile } from "../links/upload";
import { TeachPanel } from "../panel";
import { slidesDesk } from "./desk";

/** Choose what to show: a PDF or pictures from this device, or of the class's files. */
export function SlidesPanel({ classroom, sitting }: ToolProps) {
  const desk = slidesDesk(classroom);
  const { id, title } = useCell(desk.rule);
  const [state, setState] = useState<"" | "opening" | "bad">("");
  const [files, setFiles] = useState<KeptFile[]>([]);
  useEffect(() => void filesOf(sitting.id).then((all) => setFiles(all.filter((one) => one.media_type === "application/pdf" || /^image\/(png|jpeg|webp|gif)/.test(one.media_type))), () => null), []);
  async function open(load: () => Promise<File[]>): Promise<void> {
    setState("opening");
    try {
      const chosen = await load();
      if (chosen.length > 0) await desk.open(chosen);
      setState("");
      classroom.panel.set("");
    } catch {
      setState("bad");
    }
  }
  return (
    <TeachPanel classroom={classroom} title={t("slides")}>
      {id && desk.presents && (
        <button class="usa-button" data-testid="slides-again" onClick={() => void classroom.steering.set(STAGE, { what: "slides", item: "1" })}>{t("slides_again", { title })}</button>
      )}
      <label class="usa-label" for="slides-file">{t("slides_choose")}</label>
      <input
        id="slides-file" class="teach-file" type="file" accept="application/pdf,image/*" multiple data-testid="slides-file"
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          void open(() => Promise.resolve(chosen));
        }}
      />
      {state === "opening" && <p role="status">{t("slides_opening")}</p>}
      {state === "bad" && <Alert kind="warning" testid="slides-bad">{t("slides_bad")}</Alert>}
      {files.length > 0 && <h3>{t("slides_of_class")}</h3>}
      <ul class="plain">
        {files.map((file) => (
          <li key={file.id}>
            <button class="usa-button usa-button--outline" onClick={() => void open(async () => [new File([await loadFile(file.id)], file.name, { type: file.media_type })])}>{file.name}</button>
          </li>
        ))}
      </ul>
    </TeachPanel>
  );
}
