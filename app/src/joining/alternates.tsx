import type { Alternate } from "../contracts";
import { record } from "../evidence/queue";
import { t } from "../i18n";
import type { Sitting } from "../plan/day";
import { Alert } from "../ui/alert";

const NAMES: Record<string, string> = {
  zoom: "Zoom", teams: "Microsoft Teams", meet: "Google Meet", jitsi: "Jitsi", bbb: "BigBlueButton",
};
// A plan is signed, and still only these may be opened from it.
const MAY_OPEN = /^(https?:|tel:)/;

/** Where the class is when it is not here: the first link large, the others below, and the school's phone. */
export function Alternates(props: { sitting: Sitting; alternates: Alternate[]; sub: string }) {
  const open = props.alternates.filter((one) => MAY_OPEN.test(one.url));
  // The plan's order, and the lesson to do alone after every place where the class meets.
  const links = [...open.filter((one) => one.kind !== "packet"), ...open.filter((one) => one.kind === "packet")];
  if (links.length === 0 && !props.sitting.phone) return <Alert kind="info">{t("no_alternate")}</Alert>;
  return (
    <div class="alternates" data-testid="alternates">
      <p>{links.length > 0 ? t("class_is_elsewhere") : t("call_school")}</p>
      {links.map((one, index) => (
        <a
          key={one.url} href={one.url} target="_blank" rel="noopener noreferrer"
          class={`usa-button ${index === 0 ? "usa-button--big" : "usa-button--outline"}`}
          onClick={() => void opened(props, one)}
        >
          {label(one)}
        </a>
      ))}
      {props.sitting.phone && (
        <p><a class="usa-link" href={`tel:${props.sitting.phone}`}>{t("school_phone", { number: props.sitting.phone })}</a></p>
      )}
    </div>
  );
}

function label(one: Alternate): string {
  if (one.kind === "phone") return t("call_number", { number: one.url.replace(/^tel:/, "") });
  if (one.kind === "packet") return one.label || t("lesson_packet");
  return t("go_to", { place: one.label || NAMES[one.kind] || t("link") });
}

async function opened(props: { sitting: Sitting; sub: string }, one: Alternate): Promise<void> {
  await record({ kind: "alternate_opened", sub: props.sub, meeting: props.sitting.id, detail: { kind: one.kind } }, props.sub);
}
