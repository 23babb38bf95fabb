// Beside the results the filters stand open. Browsers that know ::details-content do this from the style
// sheet; this opens them in the others.
export function openFilters(details, wide) {
  if (!details) return;

  const follow = () => {
    details.open = wide.matches;
  };

  follow();
  wide.addEventListener("change", follow);
}
