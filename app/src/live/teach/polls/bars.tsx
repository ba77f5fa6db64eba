import type { Form } from "./rule";
import { ShownAnswer } from "./shown-answer";

/** How many said what. */
export function Bars({ form, result, testid }: { form: Form; result: readonly { answer: string; count: number }[]; testid: string }) {
  const most = Math.max(1, ...result.map((one) => one.count));
  return (
    <ul class="poll-bars" data-testid={testid}>
      {result.map((one) => (
        <li key={one.answer} data-answer={one.answer} data-count={one.count}>
          <span class="poll-answer"><ShownAnswer form={form} answer={one.answer} /></span>
          <span class="poll-bar" aria-hidden="true"><span style={{ width: `${(one.count / most) * 100}%` }} /></span>
          <strong>{one.count}</strong>
        </li>
      ))}
    </ul>
  );
}
