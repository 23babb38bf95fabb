// Leave a page quickly: at once, without a way back to it by the browser's own button, and by three presses of Shift.
const PRESSES = 3;
const WITHIN = 5000;

export function leaveQuickly(link, go = (address) => window.location.replace(address)) {
  let pressed = [];

  const leave = () => {
    document.title = "Weather";
    document.body.replaceChildren();
    go(link.href);
  };

  link.querySelector("[hidden]").hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    const now = event.timeStamp;
    pressed = event.key === "Shift" ? [...pressed.filter((one) => now - one < WITHIN), now] : [];
    if (pressed.length >= PRESSES) leave();
  });
}
