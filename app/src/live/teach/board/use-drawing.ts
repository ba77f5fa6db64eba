import { type RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useCell } from "../../../ui/use-cell";
import type { Classroom } from "../../classroom";
import { FROZEN } from "../../steer/rules";
import { BOARD, WRITERS } from "./rule";
import { boardDesk } from "./desk";
import type { Drawing, Paper, Pen } from "./drawing";

export const PAPER: Paper = { width: 1280, height: 720 };

export interface Board {
  place: RefObject<HTMLDivElement | null>;
  drawing: Drawing | null;
  /** js-draw could not be loaded. */
  failed: boolean;
  mayWrite: boolean;
  pen: Pen;
  setPen: (pen: Pen) => void;
  /** How many elements are on the page. */
  count: number;
}

/** Put a page of the board of this class into `place`, and keep it as it is everywhere. */
export function useDrawing(classroom: Classroom, page: string, paper: Paper): Board {
  const desk = boardDesk(classroom);
  const place = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [failed, setFailed] = useState(false);
  const [pen, setPen] = useState<Pen>({ tool: "pen", colour: "#162e51", thickness: 6 });
  const changes = useCell(desk.changes);
  const { id } = useCell(classroom.steering.cell(BOARD));
  useCell(classroom.steering.cell(WRITERS));
  useCell(classroom.quiet);
  useCell(classroom.steering.cell(FROZEN));
  const { mayWrite } = desk;
  const pageNow = useRef(page);
  pageNow.current = page;

  useEffect(() => {
    let gone = false;
    let made: Drawing | null = null;
    import("./drawing").then((chunk) => {
      if (gone || !place.current) return;
      made = new chunk.Drawing(place.current, paper, {
        added: (command) => desk.act(pageNow.current, { do: "add", command }),
        erased: (of) => desk.act(pageNow.current, { do: "erase", of }),
      });
      setDrawing(made);
    }, () => setFailed(true));
    return () => {
      gone = true;
      made?.remove();
      setDrawing(null);
    };
  }, [paper.width, paper.height]);

  useEffect(() => drawing?.writable(mayWrite), [drawing, mayWrite]);
  useEffect(() => drawing?.use(pen), [drawing, pen]);
  const visible = desk.log(id).visible(page);
  useEffect(() => drawing?.show(visible), [drawing, changes, id, page]);
  return { place, drawing, failed, mayWrite, pen, setPen, count: visible.size };
}
