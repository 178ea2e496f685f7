// Tells when something new was said or has arrived, so that nobody reads a stale page unknowingly. Every page works without.
// It asks /m/ID/state, one short line, while the page can be seen; it never changes what is shown by itself.
"use strict";
(() => {
  const body = document.querySelector("[data-state]");
  if (!body) return;
  const EVERY = 15000;
  let known = "";
  let waiting = 0;

  const tell = () => {
    if (document.getElementById("arrived")) return;
    const notice = document.createElement("div");
    notice.id = "arrived";
    notice.className = "notice";
    notice.setAttribute("role", "status");
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = body.dataset.arrived;
    notice.append(again);
    document.getElementById("main").prepend(notice);
  };

  const ask = async () => {
    waiting = 0;
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(body.dataset.state, { credentials: "same-origin", redirect: "error" });
        if (!answer.ok) return;
        const state = await answer.text();
        if (known && state !== known) return tell();
        known = state;
      } catch {
        // The node cannot be reached: the next time, perhaps.
      }
    }
    plan();
  };

  const plan = () => {
    if (!waiting) waiting = setTimeout(ask, EVERY);
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !document.getElementById("arrived")) {
      clearTimeout(waiting);
      ask();
    }
  });
  ask();
})();
