// What somebody may be about to type, as a list below the box: WAI-ARIA's combobox with a list of its own. The focus
// stays in the box; the arrows go through the list, Enter takes what they are on, Escape closes it. Nothing is taken
// that was not chosen, and without this the box is a box.
const WAIT = 150; // milliseconds without a new letter before we ask
const SAY_AFTER = 800; // and before a screen reader is told, so as not to talk over what is typed

export function suggestWords(box) {
  if (!box) return;

  const list = document.createElement("ul");
  list.id = `${box.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");

  const status = document.createElement("div");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");

  const frame = document.createElement("div");
  frame.className = "suggest";
  box.replaceWith(frame);
  frame.append(box, list, status);

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);

  let at = -1;
  let asking = null;
  let waiting = 0;
  let saying = 0;

  const options = () => [...list.children];

  const choose = (index) => {
    at = index;
    options().forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    if (at < 0) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    box.setAttribute("aria-activedescendant", options()[at].id);
    options()[at].scrollIntoView({ block: "nearest" });
  };

  const say = (words) => {
    clearTimeout(saying);
    saying = setTimeout(() => {
      status.textContent = words;
    }, SAY_AFTER);
  };

  const open = () => {
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  };

  const close = () => {
    clearTimeout(waiting);
    clearTimeout(saying);
    asking?.abort();
    list.hidden = true;
    status.textContent = "";
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  };

  const take = (option) => {
    box.value = option.textContent;
    list.replaceChildren();
    close();
  };

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map((words, n) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${n}`;
        option.className = "suggestions__one";
        option.setAttribute("role", "option");
        option.textContent = words;
        return option;
      }),
    );
    choose(-1);
    if (suggestions.length === 0) {
      close();
      say("No suggestions.");
      return;
    }
    open();
    const many = suggestions.length === 1 ? "1 suggestion" : `${suggestions.length} suggestions`;
    say(`${many}. Use the up and down arrows to go through them.`);
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const address = `${box.dataset.suggest}?${new URLSearchParams({ q: box.value })}`;
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (answer.ok && document.activeElement === box) show((await answer.json()).suggestions);
    } catch {
      // No suggestions then. The box works as ever.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    if (box.value.trim().length < 2) {
      list.replaceChildren();
      close();
      return;
    }
    waiting = setTimeout(ask, WAIT);
  });

  box.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    const isOpen = !list.hidden;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && last >= 0) {
      event.preventDefault();
      if (!isOpen) open();
      // Past either end is the box again, with what was typed, and then round.
      if (event.key === "ArrowDown") choose(at === last ? -1 : at + 1);
      else choose(at === -1 ? last : at - 1);
    } else if (event.key === "Enter" && isOpen && at >= 0) {
      event.preventDefault();
      take(options()[at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    }
  });

  // A press must not take the focus out of the box before it is a click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  box.addEventListener("blur", close);
}
