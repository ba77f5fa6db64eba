import { useState } from "preact/hooks";
import type { Alternate } from "../contracts";
import { sendEvidence } from "../background";
import { productName } from "../detour/place";
import { record } from "../evidence/queue";
import { t } from "../i18n";
import { onThisDevice, packetHref } from "../packets/here";
import type { Sitting } from "../plan/day";
import { inOrder } from "../plan/way";
import { Alert } from "../ui/alert";
import { useCell } from "../ui/use-cell";
import { openConference } from "./conference";

// A plan is signed, and still only these may be opened from it.
const MAY_OPEN = /^(https?:|tel:|bbb:|packets\/[\w.-]+$)/;

interface Props {
  sitting: Sitting;
  alternates: readonly Alternate[];
  sub: string;
  /** What stands above; empty: nothing. */
  words?: string;
  /** The person went to one of them. */
  onOpened?: () => void;
}

/** Where the class is when it is not here: the first link large, the others below, and the school's phone. */
export function Alternates(props: Props) {
  const { sitting, words = t(props.sitting.pathway === "live" ? "class_is_elsewhere" : "detour_meets_here") } = props;
  const here = useCell(onThisDevice);
  const [failed, setFailed] = useState(false);
  const links = inOrder(props.alternates.filter((one) => MAY_OPEN.test(one.url)), sitting.pathway);
  if (links.length === 0 && !sitting.phone) return <Alert kind="info">{t("no_alternate")}</Alert>;

  async function conference(one: Alternate): Promise<void> {
    const there = await openConference(sitting);
    setFailed(!there);
    if (there) await opened(props, one);
  }

  return (
    <div class="alternates" data-testid="alternates">
      {links.length === 0 ? <p>{t("call_school")}</p> : words && <p>{words}</p>}
      {failed && <Alert kind="warning" testid="conference-failed">{t("detour_conference_failed")}</Alert>}
      {links.map((one, index) => {
        const looks = `usa-button ${index === 0 ? "usa-button--big" : "usa-button--outline"}`;
        const testid = index === 0 ? "go-there" : "go-elsewhere";
        if (one.url.startsWith("bbb:"))
          return <button key={one.url} class={looks} data-testid={testid} onClick={() => void conference(one)}>{label(one)}</button>;
        const href = one.kind === "packet" ? packetHref(one.url) : one.url;
        return (
          <a
            key={one.url} href={href} class={looks} data-testid={testid} data-kind={one.kind} target="_blank" rel="noopener noreferrer"
            onClick={() => void opened(props, one)}
          >
            {label(one)}
            {here.has(one.url) && ` · ${t("detour_packet_here")} ✓`}
          </a>
        );
      })}
      {sitting.phone && (
        <p><a class="usa-link" href={`tel:${sitting.phone}`}>{t("school_phone", { number: sitting.phone })}</a></p>
      )}
    </div>
  );
}

function label(one: Alternate): string {
  // Commas are pauses before the conference's number: dialled by themselves, and shown for a phone that does not.
  const number = one.url.replace(/^tel:/, "").replace(/,+/g, " · ");
  if (one.kind === "phone") return t("call_number", { number: one.label ? `${number} (${one.label})` : number });
  if (one.kind === "packet") return one.label || t("lesson_packet");
  return t("go_to", { place: one.label || productName(one.kind) || t("link") });
}

async function opened(props: Props, one: Alternate): Promise<void> {
  await record({ kind: "alternate_opened", sub: props.sub, meeting: props.sitting.id, detail: { kind: one.kind } }, props.sub);
  void sendEvidence({ office: false });
  props.onOpened?.();
}
