// Telling a plan: a sheet to draw on, and a word in time about a file that is too large to send.
// Both fill or watch the file field that is there anyway; without them one chooses a file.
const WIDE = 800;
const HIGH = 600;
const PEN = 6;

export function warnOfLargeFiles(form) {
  const input = form?.querySelector("input[type=file]");
  if (!input) return;

  const { mostBytes, tooLarge } = form.dataset;
  const said = document.createElement("p");
  said.className = "govuk-error-message";
  said.setAttribute("role", "alert");
  said.hidden = true;
  input.before(said);

  input.addEventListener("change", () => {
    const [file] = input.files;
    said.textContent = file && file.size > Number(mostBytes) ? tooLarge : "";
    said.hidden = !said.textContent;
    if (said.textContent) input.value = "";
  });
}

export function offerDrawing(form) {
  const input = form?.querySelector("input[type=file]");
  if (!input || !window.PointerEvent) return;

  const { draw, sheet, use, again, drawn, colours } = form.dataset;
  const open = button(draw, "button button--secondary");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const box = document.createElement("div");
  box.className = "drawing-sheet";
  box.append(open, said);
  input.closest(".govuk-form-group").before(box);

  open.addEventListener("click", () => {
    open.hidden = true;
    said.textContent = "";
    const canvas = newSheet(sheet);
    const pen = canvas.getContext("2d");
    const inks = document.createElement("div");
    inks.className = "drawing-sheet__inks";
    inks.append(...inkButtons(colours, pen));
    const keep = button(use, "button");
    const fresh = button(again, "button button--quiet");
    const choices = document.createElement("div");
    choices.className = "button-group";
    choices.append(keep, fresh);
    open.after(inks, canvas, choices);
    letDraw(canvas, pen);
    fresh.addEventListener("click", () => clear(pen));
    keep.addEventListener("click", () =>
      canvas.toBlob((picture) => {
        const files = new DataTransfer();
        files.items.add(new File([picture], "drawing.png", { type: "image/png" }));
        input.files = files.files;
        for (const part of [inks, canvas, choices]) part.remove();
        open.hidden = false;
        open.focus();
        said.textContent = drawn;
      }, "image/png"),
    );
  });
}

function button(text, className) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  return made;
}

function newSheet(label) {
  const canvas = document.createElement("canvas");
  canvas.className = "drawing-sheet__paper";
  canvas.width = WIDE;
  canvas.height = HIGH;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const pen = canvas.getContext("2d");
  clear(pen);
  pen.lineWidth = PEN;
  pen.lineCap = pen.lineJoin = "round";
  return canvas;
}

function clear(pen) {
  pen.save();
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, WIDE, HIGH);
  pen.restore();
}

// "Black #1b2733, Blue #0b5054": each a button that says its colour, pressed or not.
function inkButtons(colours, pen) {
  const made = colours.split(", ").map((colour) => {
    const [name, value] = colour.split(" ");
    const one = button(name, "button button--secondary");
    one.addEventListener("click", () => choose(one, value));
    return [one, value];
  });
  const choose = (chosen, value) => {
    pen.strokeStyle = value;
    for (const [one] of made) one.setAttribute("aria-pressed", String(one === chosen));
  };
  choose(...made[0]);
  return made.map(([one]) => one);
}

function letDraw(canvas, pen) {
  const at = (event) => {
    const edge = canvas.getBoundingClientRect();
    return [((event.clientX - edge.left) * WIDE) / edge.width, ((event.clientY - edge.top) * HIGH) / edge.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    pen.lineTo(...at(event));
    pen.stroke();
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
}
