import { Icon } from "../icon";
import type { Kind } from "./reactions";

/** The picture of a reaction. Its word stands beside it, or around it. */
export function Sign({ kind }: { kind: Kind }) {
  return <Icon name={`react_${kind}`} class={`sign ${kind}`} />;
}
