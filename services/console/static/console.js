// Keeps the time left true while a page is open. Everything works without it.
"use strict";
(function () {
  const words = document.body.dataset;
  // Counted from the server's clock: a phone's own may be wrong.
  const skew = Date.parse(words.now) - Date.now();

  function span(milliseconds) {
    const minutes = Math.floor(Math.max(0, milliseconds) / 60000);
    if (minutes < 1) return words.underAMinute;
    const parts = [[words.days, Math.floor(minutes / 1440)], [words.hours, Math.floor((minutes % 1440) / 60)], [words.minutes, minutes % 60]];
    const first = parts.findIndex((part) => part[1] > 0);
    return parts.slice(first, first + 2).filter((part) => part[1] > 0).map((part) => part[0].replace("{n}", part[1])).join(" ");
  }

  function tick() {
    const now = Date.now() + skew;
    document.querySelectorAll("[data-due]").forEach((element) => {
      const left = Date.parse(element.dataset.due) - now;
      const said = (left > 0 ? words.left : words.late).replace("{span}", span(Math.abs(left)));
      if (element.textContent !== said) element.textContent = said;
      const owner = element.closest("[data-standing]");
      if (owner) owner.dataset.standing = left > 0 ? "running" : "late";
    });
  }

  tick();
  setInterval(tick, 5000);
  document.body.addEventListener("htmx:afterSettle", tick);

  // One press is enough; the server would count a second one once anyway.
  document.body.addEventListener("submit", (event) => {
    const button = event.target.querySelector("button[type=submit]");
    if (button) setTimeout(() => { button.disabled = true; }, 0);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted && navigator.onLine !== false) location.reload(); });
})();
