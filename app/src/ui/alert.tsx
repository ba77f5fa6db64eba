import type { ComponentChildren } from "preact";

/** A USWDS alert. `info` and `success` are read out politely, `warning` and `error` at once. */
export function Alert(props: { kind: "info" | "success" | "warning" | "error"; children: ComponentChildren; testid?: string }) {
  const role = props.kind === "error" || props.kind === "warning" ? "alert" : "status";
  return (
    <div class={`usa-alert usa-alert--${props.kind} usa-alert--slim`} role={role} data-testid={props.testid}>
      <div class="usa-alert__body">
        <div class="usa-alert__text">{props.children}</div>
      </div>
    </div>
  );
}
