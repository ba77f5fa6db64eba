import type { Bundle, Door } from "./contracts";
import type { CheckResult, HeldPlan, HeldSession, Trust } from "./keep/kept";
import { Cell } from "./lib/cell";
import { nowSeconds } from "./lib/clock";
import { ofDay, type Sitting, sittings } from "./plan/day";
import { schoolsOf } from "./plan/schools";

/** What the screens show, mirrored from the device's storage. Written by `boot` and the background loops. */
export const bundle = new Cell<Bundle | null>(null);
export const plan = new Cell<HeldPlan | null>(null);
export const session = new Cell<HeldSession | null>(null);
export const trust = new Cell<Trust | null>(null);
export const check = new Cell<CheckResult | null>(null);
export const portalName = new Cell("Schoolday");
/** Whose cookie the office has from this browser, as far as it is known: nobody's events go out under another's name. */
export const cookiePerson = new Cell<string | null>(null);
/** Whether the last look at a plan host or door got through; `null` before the first. */
export const reached = new Cell<boolean | null>(null);
export const ready = new Cell(false);
/** A class is open: nothing on this device may reload the page now. */
export const inClass = new Cell(false);

/** Doors in this device's own order, then all others of the plan. */
export function doors(): Door[] {
  const own = bundle.value?.doors ?? [];
  const others = (plan.value?.index.doors ?? []).filter((door) => !own.some((one) => one.id === door.id));
  return [...own, ...others];
}

/** The person's own sittings of today. */
export function sittingsToday(): Sitting[] {
  return ofDay(sittings(bundle.value?.sections ?? [], plan.value?.schools ?? []), nowSeconds());
}

export const daySession = (): string | null =>
  session.value && session.value.sub === bundle.value?.person.id ? session.value.text : null;

/** Schools whose plans this person needs. */
export const schoolsWanted = (): string[] => (bundle.value ? schoolsOf(bundle.value) : []);
