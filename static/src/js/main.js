// Enhancement only: every page works without this file.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  createAll,
} from "./govuk-frontend.js";
import { foldMenu } from "./menu.js";
import { openFilters } from "./filters.js";
import { offerRecording } from "./record.js";
import { recountForms } from "./recount.js";
import { suggestWords } from "./suggest.js";
import { addUp } from "./sum.js";
import { offerDrawing, warnOfLargeFiles } from "./telling.js";

for (const Component of [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios]) {
  createAll(Component);
}

foldMenu(document.querySelector("[data-menu-toggle]"), document.querySelector("[data-menu]"));
openFilters(document.querySelector("[data-filters]"), window.matchMedia("(min-width: 56em)"));
suggestWords(document.querySelector("[data-suggest]"));
offerRecording(document.querySelector("[data-record]"));
addUp(document.querySelector("[data-sum]"));
warnOfLargeFiles(document.querySelector("[data-most-bytes]"));
offerDrawing(document.querySelector("[data-draw]"));
recountForms(document.querySelector("[data-recount]"));
