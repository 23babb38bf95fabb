// A button that copies the address beside it. Without it the address can be chosen and copied by hand.
export function offerCopy(part, clipboard = navigator.clipboard) {
  const [box, button, said] = ["input", "button", "[role=status]"].map((each) => part.querySelector(each));
  if (!clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await clipboard.writeText(box.value);
      said.textContent = "Copied";
    } catch {
      box.select();
      said.textContent = "The address is marked. Now copy it.";
    }
  });
}
