// Enhancement only: every page works without this file. Each part is fetched by the pages that have something for it.
import { leaveQuickly } from "./leave.js";
import { foldMenu } from "./menu.js";

// Not fetched later: a menu that folds after it was seen would jump.
foldMenu(document.querySelector("[data-menu-toggle]"), document.querySelector("[data-menu]"));

// Not fetched later either: it is there for whoever has no time.
const way = document.querySelector("[data-leave]");
if (way) leaveQuickly(way);

const when = (selector, improve) => {
  const part = document.querySelector(selector);
  if (part) improve(part);
};

when("[data-module]", async () => {
  const { Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, createAll } = await import(
    "./govuk-frontend.js"
  );
  for (const Component of [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios]) {
    createAll(Component);
  }
});
when("[data-filters]", async (part) =>
  (await import("./filters.js")).openFilters(part, window.matchMedia("(min-width: 56em)")),
);
when("[data-copy]", async (part) => (await import("./copy.js")).offerCopy(part));
when("[data-suggest]", async (part) => (await import("./suggest.js")).suggestWords(part));
when("[data-record]", async (part) => (await import("./record.js")).offerRecording(part));
when("[data-sum]", async (part) => (await import("./sum.js")).addUp(part));
when("[data-most-bytes]", async (part) => (await import("./telling.js")).warnOfLargeFiles(part));
when("[data-draw]", async (part) => (await import("./telling.js")).offerDrawing(part));
when("[data-recount]", async (part) => (await import("./recount.js")).recountForms(part));
when("#typed-again", async (part) =>
  (await import("./typed.js")).keepTyped(document.querySelectorAll("main form[method=post]:not(.button-form)"), part),
);
when("main form[method=post]", async () =>
  (await import("./states.js")).showStates(document.querySelector("#states")),
);
