import { useEffect, useRef } from "preact/hooks";
import type { Bundle } from "./contracts";
import { CheckScreen } from "./check/check-screen";
import { ClassScreen } from "./class-list/class-screen";
import { DeskLoader } from "./desk/desk-loader";
import { FamilyScreen } from "./family/family-screen";
import { language, t } from "./i18n";
import { JoinScreen } from "./joining/join-screen";
import { PracticeLoader } from "./joining/practice-loader";
import { route } from "./lib/route";
import { NoticeAnnouncer } from "./notices/notice-announcer";
import { NoticeBanners } from "./notices/notice-banners";
import { SignOnScreen } from "./sign-on/sign-on-screen";
import { bundle as bundleCell, inClass, plan, portalName } from "./state";
import { StaffScreen } from "./today/staff-screen";
import { TodayScreen } from "./today/today-screen";
import { DeviceNotices } from "./ui/device-notices";
import { Header } from "./ui/header";
import { Link } from "./ui/link";
import { useCell } from "./ui/use-cell";
import { AloneAnnouncer, titleWith } from "./watch/announcer";
import { sittingFor } from "./watch/duty";
import { aloneClasses } from "./watch/watcher";

/** The frame around every screen, and which screen a path shows. */
export function App() {
  const path = useCell(route);
  const bundle = useCell(bundleCell);
  const busy = useCell(inClass); // the class shows them itself
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useCell(language);
  document.title = titleWith(useCell(portalName), useCell(aloneClasses).length);
  useEffect(() => {
    // After a change of screen a screen reader starts at the new one.
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [path, bundle?.person.id]);
  return (
    <>
      <a class="usa-skipnav" href="#main">{t("skip")}</a>
      <Header />
      <AloneAnnouncer />
      <NoticeAnnouncer />
      <main id="main" ref={main} tabIndex={-1}>
        {!busy && <NoticeBanners />}
        <DeviceNotices />
        {bundle ? <Screen path={path} bundle={bundle} /> : <SignOnScreen />}
      </main>
    </>
  );
}

function Screen({ path, bundle }: { path: string; bundle: Bundle }) {
  const held = useCell(plan);
  const [, first, second = ""] = path.split("/");
  if (first === "check") return <CheckScreen />;
  if (first === "desk") return <DeskLoader bundle={bundle} />;
  if (first === "family") return <FamilyScreen bundle={bundle} />;
  if (first === "class") return <ClassScreen key={second} bundle={bundle} section={second} />;
  if (first === "practice" && bundle.person.kind === "teacher") return <PracticeLoader />;
  if (first === "join") {
    const sitting = sittingFor(bundle, held?.schools ?? [], second);
    return sitting ? <JoinScreen key={second} sitting={sitting} /> : <NotHere />;
  }
  if (path !== "/") return <NotHere />;
  if (bundle.person.kind === "guardian") return <FamilyScreen bundle={bundle} />;
  if (bundle.person.kind === "operator") return <StaffScreen bundle={bundle} />;
  return <TodayScreen bundle={bundle} />;
}

function NotHere() {
  return (
    <section class="card narrow">
      <h1>{t("not_here")}</h1>
      <Link to="/" class="usa-button">{t("back_to_today")}</Link>
    </section>
  );
}
