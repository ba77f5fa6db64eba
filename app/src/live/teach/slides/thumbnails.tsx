import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../i18n";
import { useCell } from "../../../ui/use-cell";
import type { Classroom } from "../../classroom";
import { slidesDesk } from "./desk";

/** All pages, small, for the teacher to choose from; each is drawn when it comes into sight. */
export function Thumbnails({ classroom, page }: { classroom: Classroom; page: number }) {
  const { id, pages } = useCell(slidesDesk(classroom).rule);
  return (
    <ol class="thumbnails" aria-label={t("slides_all")}>
      {Array.from({ length: pages }, (_, index) => (
        <Thumbnail key={`${id}/${index}`} classroom={classroom} number={index + 1} current={index + 1 === page} />
      ))}
    </ol>
  );
}

function Thumbnail({ classroom, number, current }: { classroom: Classroom; number: number; current: boolean }) {
  const element = useRef<HTMLLIElement>(null);
  const [source, setSource] = useState("");
  const desk = slidesDesk(classroom);
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((one) => one.isIntersecting)) return;
      seen.disconnect();
      void desk.thumbnail(number).then((slide) => slide && setSource(`data:${slide.media};base64,${slide.picture}`), () => null);
    });
    if (element.current) seen.observe(element.current);
    return () => seen.disconnect();
  }, []);
  return (
    <li ref={element}>
      <button aria-current={current ? "page" : undefined} aria-label={t("page_number", { page: number })} onClick={() => void desk.show(number)} data-testid={`thumbnail-${number}`}>
        {source ? <img src={source} alt="" /> : <span>{number}</span>}
      </button>
    </li>
  );
}
