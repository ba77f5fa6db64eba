// Shows the page anew when it changed, so that nobody who reads it is thrown back to its top each minute.
"use strict";
(() => {
  const shown = document.documentElement.dataset.version;
  const look = async () => {
    try {
      const answer = await fetch(document.documentElement.dataset.json, { cache: "no-cache" });
      if (answer.ok && String((await answer.json()).digest) !== shown) location.reload();
    } catch {
      // No line, or the host is gone: what is shown stays, with its time.
    }
  };
  setInterval(look, 50_000 + Math.random() * 20_000);
})();
