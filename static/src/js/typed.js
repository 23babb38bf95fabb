// What is typed into a form stays in this tab until the site has answered: through the back button, a page that was
// closed by mistake and opened again, and a connection that broke. Signing out empties it, and so does closing the tab.
const KEPT = "typed:";
const SECRETS = "input[type=password], input[autocomplete=one-time-code], input[autocomplete^=cc-]";
const NOT_TYPED = new Set(["hidden", "password", "file", "submit", "button"]);

export function keepTyped(forms, said) {
  forgetAnswered();
  let isPutBack = false;
  forms.forEach((form, number) => {
    if (form.querySelector(SECRETS)) return;
    const key = `${KEPT}${location.pathname}${location.search}#${number}`;
    const drawn = JSON.stringify(fields(form).map(asDrawn));
    isPutBack = putBack(form, key, drawn) || isPutBack;
    form.addEventListener("input", () => write(key, { drawn, typed: answers(form) }));
    form.addEventListener("submit", () => write(key, { drawn, typed: answers(form), sent: true }));
  });
  if (isPutBack && said) tell(forms, said);
}

function fields(form) {
  return [...form.elements].filter((field) => field.name && !NOT_TYPED.has(field.type));
}

function answers(form) {
  return fields(form).map((field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked : field.value,
  );
}

// What the site wrote into it, whatever the browser has put back by itself.
function asDrawn(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.defaultChecked;
  if (field.type === "select-one") return [...field.options].find((option) => option.defaultSelected)?.value ?? null;
  return field.defaultValue ?? null;
}

// Only onto the form that it was typed into: one that the site has filled in differently since is left alone.
function putBack(form, key, drawn) {
  const kept = read(key);
  if (!kept || kept.drawn !== drawn || JSON.stringify(kept.typed) === JSON.stringify(answers(form))) return false;
  fields(form).forEach((field, at) => {
    if (field.type === "checkbox" || field.type === "radio") field.checked = kept.typed[at];
    else field.value = kept.typed[at];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  write(key, { drawn, typed: kept.typed });
  return true;
}

function tell(forms, said) {
  const note = said.content.firstElementChild.cloneNode(true);
  forms[0].before(note);
  note.querySelector("button").addEventListener("click", () => {
    forgetAll();
    for (const form of forms) form.reset();
    note.remove();
    forms[0].querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, kept) {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // The tab keeps no more: the form works as it does without this.
  }
}

const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT));

// A page that one came to from the form's own, after it was sent, is the answer to it.
function forgetAnswered() {
  const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (cameBack || !document.referrer) return;
  const from = new URL(document.referrer);
  for (const key of keys()) {
    if (read(key)?.sent && key.startsWith(`${KEPT}${from.pathname}${from.search}#`)) sessionStorage.removeItem(key);
  }
}

function forgetAll() {
  for (const key of keys()) sessionStorage.removeItem(key);
}
