// On a narrow screen the menu folds behind a button. The style sheet hides it; this only opens and closes.
export function foldMenu(toggle, menu) {
  if (!toggle || !menu) return;

  const show = (isOpen) => {
    menu.classList.toggle("menu--open", isOpen);
    toggle.setAttribute("aria-expanded", String(isOpen));
  };

  toggle.hidden = false;
  show(false);
  toggle.addEventListener("click", () => show(toggle.getAttribute("aria-expanded") !== "true"));
  toggle.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || toggle.getAttribute("aria-expanded") !== "true") return;
    show(false);
    toggle.focus();
  });
}
