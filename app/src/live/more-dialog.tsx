import { type ComponentChildren, Fragment } from "preact";
import { t } from "../i18n";
import { go } from "../lib/route";
import type { Sitting } from "../plan/day";
import { Dialog } from "../ui/dialog";
import { LanguageMenu } from "../ui/language-menu";
import type { Classroom } from "./classroom";
import { muteMicrophones } from "./moderate";
import { MENU_GROUPS, type MenuGroup } from "./tool";
import { TOOLS } from "./tools";

interface Props {
  classroom: Classroom;
  sitting: Sitting;
  teaches: boolean;
  admin: boolean;
  listOpen: boolean;
  onList: () => void;
  onHelp: () => void;
  onClose: () => void;
}

/** Everything behind "More": a student's few entries; a grown-up's under short headings, leaving last. */
export function MoreDialog(props: Props) {
  const { classroom, sitting, onClose } = props;
  const menus = (group: MenuGroup | undefined): ComponentChildren =>
    TOOLS.map((one) => one.Menu && one.menuGroup === group && <one.Menu key={one.id} classroom={classroom} sitting={sitting} close={onClose} />);
  const own: Partial<Record<MenuGroup, ComponentChildren>> = {
    class: (
      <>
        {props.admin && <Entry testid="mute-all" label={t("mute_all")} act={closing(props, () => void muteMicrophones(classroom, "all_students"))} />}
        {props.teaches && <Entry testid="toggle-list" label={props.listOpen ? t("list_hide") : t("list_show")} act={closing(props, props.onList)} />}
      </>
    ),
    you: (
      <>
        <LanguageMenu />
        <Entry testid="help-in-class" label={t("help_button")} act={closing(props, props.onHelp)} />
      </>
    ),
    end: <button class="usa-button usa-button--secondary" data-testid="leave" onClick={closing(props, () => go("/"))}>{t("leave")}</button>,
  };
  return (
    <Dialog title={t("more")} onClose={onClose} testid="more-dialog">
      <div class={`more ${props.teaches ? "grouped" : ""}`}>
        {menus(undefined)}
        {MENU_GROUPS.map((group) =>
          props.teaches ? (
            <section key={group} class="more-group" aria-labelledby={`more-${group}`}>
              <h3 id={`more-${group}`}>{t(HEADINGS[group])}</h3>
              {menus(group)}
              {own[group]}
            </section>
          ) : (
            <Fragment key={group}>
              {menus(group)}
              {own[group]}
            </Fragment>
          ),
        )}
        <button class="usa-button usa-button--outline" onClick={onClose}>{t("stay")}</button>
      </div>
    </Dialog>
  );
}

const HEADINGS = {
  class: "steer_group_class", pictures: "steer_group_pictures", lesson: "steer_group_lesson", you: "steer_group_you", end: "steer_group_end",
} as const satisfies Record<MenuGroup, string>;

const closing = ({ onClose }: Props, act: () => void) => () => {
  onClose();
  act();
};

function Entry({ testid, label, act }: { testid: string; label: string; act: () => void }) {
  return <button class="usa-button usa-button--outline" data-testid={testid} onClick={act}>{label}</button>;
}
