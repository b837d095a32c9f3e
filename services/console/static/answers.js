// Brings an answer through a network that comes and goes. Without this script the same forms are sent by the browser itself.
// Written for old browsers inside apps: Chromium 66, iOS 12. Each form carries the id of its request, so an answer that is sent again, because nobody knows whether it arrived, counts once.
"use strict";
(function () {
  const words = document.body.dataset;
  const PATIENCE = 20000, FIRST = 3000, LONGEST = 30000;  // milliseconds
  const NOT_NOW = [502, 503, 504];
  let waiting = null;  // the one answer under way: {form, body, said, pause, timer, sending}

  document.body.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-steady]") || event.defaultPrevented) return;
    event.preventDefault();
    if (waiting) return;
    const said = document.createElement("div");
    said.className = "message";
    said.setAttribute("role", "status");
    form.append(said);
    waiting = { form, body: new URLSearchParams(new FormData(form)), said, pause: FIRST, timer: 0, sending: false };
    send();
  });

  async function send() {
    const one = waiting;
    if (!one || one.sending) return;
    clearTimeout(one.timer);
    if (navigator.onLine === false) return later(one);
    one.sending = true;
    one.said.className = "message";
    one.said.textContent = words.sending;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(one.form.action, { method: "POST", body: one.body, credentials: "same-origin", signal: stop.signal });
      if (!response.redirected && NOT_NOW.includes(response.status)) return later(one);
      const page = await response.text();
      waiting = null;
      if (response.redirected && !response.ok) location.assign(response.url);
      else show(page, response.redirected ? response.url : null);
    } catch {
      later(one);
    } finally {
      clearTimeout(timer);
      one.sending = false;
    }
  }

  function later(one) {
    one.said.className = "message bad";
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = words.again;
    again.addEventListener("click", send);
    const text = document.createElement("p");
    text.textContent = words.notSent;
    one.said.textContent = "";
    one.said.append(text, again);
    one.timer = setTimeout(send, one.pause);
    one.pause = Math.min(one.pause * 2, LONGEST);
  }

  function show(page, address) {
    const next = new DOMParser().parseFromString(page, "text/html");
    const content = next.querySelector("main");
    if (!content) return location.reload();
    const main = document.importNode(content, true);
    document.querySelector("main").replaceWith(main);
    document.title = next.title;
    if (address) history.replaceState(null, "", address);
    if (window.htmx) htmx.process(main);
    document.body.dispatchEvent(new Event("htmx:afterSettle"));
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }

  const network = document.getElementById("network");
  function connected() {
    network.hidden = navigator.onLine !== false;
    if (!network.hidden) network.textContent = words.offline;
    else if (waiting) send();
  }
  addEventListener("online", connected);
  addEventListener("offline", connected);
  connected();
  addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });
})();
