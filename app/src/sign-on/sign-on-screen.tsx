import { useState } from "preact/hooks";
import { t } from "../i18n";
import { BadgeForm } from "./badge-form";
import { PasswordForm } from "./password-form";

type Way = "password" | "badge" | "let_in";

/** The first screen: user name and password, and two other ways in for those who have none. */
export function SignOnScreen() {
  const [way, setWay] = useState<Way>("password");
  if (!isSecureContext || !globalThis.crypto?.subtle) return <p class="card">{t("not_secure")}</p>;
  return (
    <section class="card narrow" data-testid="sign-on">
      {way === "password" ? <PasswordForm /> : <BadgeForm key={way} kind={way} />}
      <div class="ways">
        {way !== "password" && <WayButton to="password" label={t("way_password")} choose={setWay} />}
        {way !== "badge" && <WayButton to="badge" label={t("way_badge")} choose={setWay} />}
        {way !== "let_in" && <WayButton to="let_in" label={t("way_let_in")} choose={setWay} />}
      </div>
    </section>
  );
}

function WayButton(props: { to: Way; label: string; choose: (way: Way) => void }) {
  return (
    <button
      type="button"
      class="usa-button usa-button--outline"
      data-testid={`way-${props.to}`}
      onClick={() => props.choose(props.to)}
    >
      {props.label}
    </button>
  );
}
