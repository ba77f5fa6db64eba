// Marks the meeting that is on, or the next one, by this device's clock. The page is right without it.
"use strict";
(() => {
  const rows = [...document.querySelectorAll("tr[data-from]")];
  const words = document.documentElement.dataset;
  const mark = () => {
    const now = Date.now() / 1000;
    const open = rows.filter((row) => Number(row.dataset.until) > now);
    const current = open.filter((row) => Number(row.dataset.from) <= now);
    const chosen = current.length > 0 ? current : open.slice(0, 1);
    for (const row of rows) {
      const text = chosen.includes(row) ? (current.length > 0 ? words.now : words.next) : "";
      const place = row.querySelector(".mark");
      row.classList.toggle("row-now", text !== "");
      if (place.textContent !== text) place.textContent = text;
    }
  };
  for (const written of document.querySelectorAll(".by-writing")) written.hidden = true;
  mark();
  setInterval(mark, 20_000);
})();
