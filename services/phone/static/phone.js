// Puts the phones in again whenever something arrived.
const phones = document.getElementById("phones");
let busy = false, again = false;

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(phones.dataset.from);
    if (answer.ok) phones.innerHTML = await answer.text();
  } finally {
    busy = false;
    if (again) { again = false; refresh(); }
  }
}

const live = new EventSource("/phone/live");
live.addEventListener("arrived", refresh);
live.addEventListener("open", refresh);
