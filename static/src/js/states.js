// A form on its way: its button says so and takes no second press, until the page is left, comes back, or waits too long.
// Without a connection nothing is sent, and a notice says that nothing is lost.
const SOON = 400;
const TOO_LONG = 15000;

export function showStates(words, patience = { soon: SOON, tooLong: TOO_LONG }) {
  const notice = words.content.querySelector("[data-offline]").cloneNode(true);
  const busy = words.content.querySelector("[data-working]");
  const waiting = new Map();

  const free = (form) => {
    const one = waiting.get(form);
    if (!one) return;
    waiting.delete(form);
    one.timers.forEach(clearTimeout);
    one.said.remove();
    one.button?.removeAttribute("aria-disabled");
    one.button?.removeAttribute("data-busy");
  };

  const wait = (form, button) => {
    const said = busy.cloneNode(true);
    const say = () => {
      button?.setAttribute("aria-disabled", "true");
      button?.setAttribute("data-busy", "");
      button?.append(said);
    };
    // A file that is sent back leaves the page where it is: so the button is freed by itself.
    const timers = [setTimeout(say, patience.soon), setTimeout(() => free(form), patience.tooLong)];
    waiting.set(form, { button, said, timers });
  };

  const tell = () => {
    if (navigator.onLine) notice.remove();
    else if (!notice.isConnected) document.querySelector("main").prepend(notice);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    tell();
    if (!navigator.onLine || waiting.has(form)) {
      event.preventDefault();
      return;
    }
    wait(form, event.submitter ?? form.querySelector("[type=submit]"));
  });
  window.addEventListener("offline", tell);
  window.addEventListener("online", tell);
  window.addEventListener("pageshow", () => [...waiting.keys()].forEach(free));
}
