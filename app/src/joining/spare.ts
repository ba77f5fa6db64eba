import type { Bundle, LiveNode, MeetingPlan, Seat, Ticket } from "../contracts";
import type { HeldPlan } from "../keep/kept";
import type { Sitting } from "../plan/day";

/**
 * Return a ticket made of the bundle's spare for this sitting, or null when there is none to use: out of its time, of
 * an earlier turn (somebody was taken out since: the live name is another), or the class meets elsewhere by the plan.
 * `at`: seconds by the servers' clock. Always a new object: a seat that was lost is taken again.
 */
export function spareTicket(sitting: Sitting, bundle: Bundle | null, plan: HeldPlan | null, at: number): Ticket | null {
  const spare = bundle?.spares?.find((one) => one.meeting === sitting.id && one.section === sitting.section);
  const meeting = plan && meetingOf(plan, sitting);
  if (!bundle || !plan || !spare || !meeting || sitting.pathway !== "live") return null;
  if (at < spare.nbf || at >= spare.exp || at >= sitting.endsAt) return null;
  if (spare.turn !== (meeting.turn ?? 0)) return null;
  const urls = liveUrls(bundle.live ?? [], plan.index.live ?? []);
  const seats: Seat[] = [];
  for (const node of spare.nodes) {
    const url = urls.get(node);
    if (url) seats.push({ node, url, token: spare.token, identity: spare.identity });
  }
  if (seats.length === 0) return null;
  return {
    meeting: sitting.id,
    section: sitting.section,
    state: "live",
    pathway: "live",
    opens_at: spare.nbf,
    starts_at: sitting.startsAt,
    ends_at: sitting.endsAt,
    turn: spare.turn,
    seats,
    alternates: sitting.alternates,
  };
}

function meetingOf(plan: HeldPlan, sitting: Sitting): MeetingPlan | undefined {
  const sections = plan.schools.find((school) => school.org === sitting.school)?.sections;
  return sections?.find((section) => section.id === sitting.section)?.meetings?.find((one) => one.id === sitting.id);
}

/** The plan is looked at every half minute, the bundle once an evening: what the plan says of a server is newer. */
function liveUrls(ofBundle: readonly LiveNode[], ofPlan: readonly LiveNode[]): Map<string, string> {
  return new Map([...ofBundle, ...ofPlan].map((node) => [node.id, node.url]));
}
