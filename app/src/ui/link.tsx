import type { ComponentChildren } from "preact";
import { go } from "../lib/route";

/** A link inside the app: no page load, but a real link for the keyboard and a new tab. */
export function Link(props: { to: string; class?: string; children: ComponentChildren; testid?: string }) {
  return (
    <a
      href={props.to}
      class={props.class ?? "usa-link"}
      data-testid={props.testid}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(props.to);
      }}
    >
      {props.children}
    </a>
  );
}
