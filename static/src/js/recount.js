// What a form would come to, while somebody changes its numbers. The server counts, as it does when the button is
// pressed; this only asks it, and puts the new words where the old ones stand. Without it the button is there.
const WAIT = 400; // milliseconds without another change before we ask

export function recountForms(form) {
  if (!form) return;

  let waiting = 0;
  let asking = null;

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const typed = new FormData(form);
    typed.append("recount", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed, signal: asking.signal });
      // What cannot be counted is said when it is sent: half a number is no mistake yet.
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of form.querySelectorAll("[data-recounted]")) {
        const counted = page.getElementById(part.id);
        if (counted && counted.innerHTML !== part.innerHTML) {
          part.replaceChildren(...document.importNode(counted, true).childNodes);
        }
      }
    } catch {
      // Then it stands as it was, and the button counts.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  });
}
