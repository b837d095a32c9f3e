// Puts the phones in again whenever something arrived, and sends what people answer and press.
const phones = document.getElementById("phones");
let busy = false, again = false;

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(phones.dataset.from);
    if (answer.ok) putIn(await answer.text());
  } finally {
    busy = false;
    if (again) { again = false; refresh(); }
  }
}

// What somebody is typing stays where it is.
function putIn(html) {
  const typed = new Map();
  for (const form of phones.querySelectorAll("form.reply")) {
    const field = form.querySelector("input");
    if (field.value || field === document.activeElement) typed.set(form.dataset.from, [field.value, field === document.activeElement]);
  }
  phones.innerHTML = html;
  for (const form of phones.querySelectorAll("form.reply")) {
    const [value, focused] = typed.get(form.dataset.from) ?? ["", false];
    const field = form.querySelector("input");
    field.value = value;
    if (focused) field.focus();
  }
}

function send(path, what) {
  return fetch(path, {
    method: "POST", body: JSON.stringify(what),
    headers: { "Content-Type": "application/json", "X-CSRF-Token": phones.dataset.csrf },
  });
}

phones.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, field = form.querySelector("input");
  const text = event.submitter?.value || field.value.trim();
  if (!text) return;
  const answer = await send("/phone/api/replies", { sender: form.dataset.from, text });
  if (answer.ok && !event.submitter?.value) field.value = "";
});

phones.addEventListener("click", async (event) => {
  const button = event.target.closest("button.press");
  if (!button) return;
  button.disabled = true;
  const { submission, to, key } = button.dataset;
  const answer = await send("/phone/api/presses", { submission, to, key });
  if (!answer.ok) refresh();
});

const live = new EventSource("/phone/live");
live.addEventListener("arrived", refresh);
live.addEventListener("open", refresh);
