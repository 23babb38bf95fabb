// Adds up a price while its parts are typed. Without this the button beside it does the same.
const AMOUNT = /^£?\s*(\d+)(?:\.(\d{1,2}))?$/;

// Pence, so that nothing is ever rounded; what is no amount yet counts for nothing.
function pence(typed) {
  const [, pounds = "0", rest = ""] = typed.replaceAll(",", "").trim().match(AMOUNT) ?? [];
  return Number(pounds) * 100 + Number(rest.padEnd(2, "0"));
}

const shown = (amount) =>
  (amount / 100).toLocaleString("en-GB", { style: "currency", currency: "GBP" });

export function addUp(form) {
  if (!form) return;
  const parts = form.dataset.sum.split(" ").map((name) => form.elements[name]);
  const [one, all, over] = ["one", "all", "over"].map((name) => form.querySelector(`[data-sum-${name}]`));

  form.addEventListener("input", (event) => {
    if (!parts.includes(event.target)) return;
    const sum = parts.reduce((total, part) => total + pence(part.value), 0);
    const total = sum * Number(form.dataset.sumTimes);
    one.textContent = shown(sum);
    all.textContent = shown(total);
    if (over) over.hidden = total <= Number(form.dataset.sumMost);
  });
}
