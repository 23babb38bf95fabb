// Beside the results the filters stand open, and so do filters with something wrong in them. Browsers that know ::details-content do this from the style
// sheet; this opens them in the others.
export function openFilters(details, wide) {
  if (!details) return;

  const isWrong = details.hasAttribute("data-wrong");
  const follow = () => {
    details.open = wide.matches || isWrong;
  };

  follow();
  wide.addEventListener("change", follow);
}
