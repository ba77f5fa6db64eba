import { t } from "../i18n";
import { record } from "../evidence/queue";
import { nowSeconds } from "../lib/clock";
import type { Sitting } from "../plan/day";
import { opensSecondsOf } from "../plan/opens";
import { bundle, plan } from "../state";
import { useCell } from "../ui/use-cell";
import { onThisDevice, packetHref } from "./here";

/** On a card: the lesson lies on this device, and opens also without a line. */
export function PacketHere({ sitting }: { sitting: Sitting }) {
  const here = useCell(onThisDevice);
  const sub = useCell(bundle)?.person.id ?? "";
  const packet = sitting.alternates.find((one) => one.kind === "packet" && here.has(one.url));
  // Where the lesson is the way to meet, it is the large button already.
  if (!packet || sitting.pathway === "packet") return null;
  return (
    <p class="packet-here">
      <a
        class="usa-link" href={packetHref(packet.url)} target="_blank" rel="noopener" data-testid="packet-here"
        onClick={() => void opened(sitting, sub)}
      >
        {t("detour_packet_on_device")}
      </a>{" "}
      <span aria-hidden="true">✓</span>
    </p>
  );
}

/** Who reads the lesson the evening before has not come to class by it. */
async function opened(sitting: Sitting, sub: string): Promise<void> {
  const now = nowSeconds();
  const opens = opensSecondsOf(plan.value);
  if (now < sitting.startsAt - opens || now >= sitting.endsAt) return;
  await record({ kind: "alternate_opened", sub, meeting: sitting.id, detail: { kind: "packet" } }, sub);
}
