"""Go through a page with the Tab key alone: everything is reached, in order, and it shows where one is."""

from typing import Any

from playwright.sync_api import Page

from looks.findings import Finding

_MOST = 400

# What can be reached, in the order of the page; and what each looks like before the focus comes.
_WATCH = """() => {
  const looks = element => {
    const parts = [element, element.parentElement, ...(element.labels || [])];
    const next = element.nextElementSibling;
    if (next) parts.push(next);
    return parts.map(part => [null, "::before", "::after"].map(pseudo => {
      const style = getComputedStyle(part, pseudo);
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor,
              style.borderColor, style.borderWidth, style.textDecorationLine, style.textDecorationThickness].join();
    }).join("|")).join("||");
  };
  const shown = element => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0;
  const groups = new Set();
  const wanted = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]")].filter(element => {
    if (element.tabIndex < 0 || element.disabled || element.matches(":disabled") || !shown(element)) return false;
    if (element.type !== "radio") return true;
    const group = `${element.form ? element.form.id || element.form.action : ""} ${element.name}`;
    const all = [...document.getElementsByName(element.name)].filter(one => one.form === element.form);
    const checked = all.find(one => one.checked);
    if (checked) return element === checked;
    const isFirst = all.filter(shown)[0] === element;
    return isFirst;
  });
  const named = element => element.tagName.toLowerCase() + " “" + (element.innerText
    || element.getAttribute("aria-label")
    || (element.labels && element.labels[0] ? element.labels[0].innerText : "") || element.name || "")
    .trim().replace(/\\s+/g, " ").slice(0, 50) + "”";
  const before = new Map(wanted.map(element => [element, looks(element)]));
  const steps = [];
  window.looksAtKeys = {wanted, steps, named};
  document.addEventListener("focusin", event => {
    const element = event.target, box = element.getBoundingClientRect();
    const covers = [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]].every(([across, down]) => {
      const top = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
      return top && !element.contains(top) && !top.contains(element)
        && ![...(element.labels || [])].some(label => label.contains(top));
    });
    let fixed = false;
    for (let one = element; one; one = one.parentElement)
      if (["fixed", "sticky"].includes(getComputedStyle(one).position)) fixed = true;
    steps.push({element, index: wanted.indexOf(element), name: named(element), href: element.getAttribute("href"),
      isSeen: !before.has(element) || before.get(element) !== looks(element), covers, fixed,
      positive: element.tabIndex > 0,
      left: box.left + scrollX, right: box.right + scrollX, top: box.top + scrollY, bottom: box.bottom + scrollY});
  }, true);
  return wanted.length;
}"""
_TOLD = """() => {
  const {wanted, steps, named} = window.looksAtKeys;
  const reached = new Set(steps.map(step => step.element));
  return {missed: wanted.filter(element => !reached.has(element) && element.checkVisibility({visibilityProperty: true})
            && !(element.type === "radio" && [...reached].some(one => one.name === element.name)))
            .map(named),
          steps: steps.map(({element, ...told}) => told)};
}"""


def tabbed_through(page: Page, mode: str) -> tuple[list[Finding], int]:
    """Return what is amiss for somebody who has only a keyboard, and how many places the Tab key stops at."""
    page.evaluate("() => { scrollTo(0, 0); if (document.activeElement) document.activeElement.blur(); }")
    summary = page.evaluate("() => document.activeElement !== document.body")
    wanted = int(page.evaluate(_WATCH))
    for _ in range(min(wanted + 3, _MOST)):
        page.keyboard.press("Tab")
    told = page.evaluate(_TOLD)
    steps = _first_round(told["steps"])
    findings = [Finding("keyboard: not reached", name, mode) for name in told["missed"][:5]]
    findings += _on_the_way(steps, mode)
    if steps and not summary and steps[0]["href"] != "#main":
        findings.append(Finding("keyboard: skip link first", f"first comes {steps[0]['name']}", mode))
    return findings, len(steps)


def _first_round(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps until the first comes again."""
    for number, step in enumerate(steps[1:], 1):
        if step["index"] == steps[0]["index"] and step["name"] == steps[0]["name"]:
            return steps[:number]
    return steps


def _on_the_way(steps: list[dict[str, Any]], mode: str) -> list[Finding]:
    findings = []
    for before, step in zip([None, *steps], steps, strict=False):
        name = step["name"]
        if step["positive"]:
            findings.append(Finding("keyboard: order by number", name, mode))
        if not step["isSeen"]:
            findings.append(Finding("keyboard: focus not seen", name, mode))
        if step["covers"]:
            findings.append(Finding("keyboard: focus covered", name, mode))
        if before and _goes_back(before, step):
            findings.append(Finding("keyboard: goes back up", f"{before['name']} to {name}", mode))
    return findings


def _goes_back(before: dict[str, Any], step: dict[str, Any]) -> bool:
    if before["fixed"] or step["fixed"]:
        return False
    is_in_one_column = before["left"] < step["right"] - 4 and step["left"] < before["right"] - 4
    is_earlier = 0 <= step["index"] < before["index"]
    return bool(is_earlier or (is_in_one_column and step["bottom"] < before["top"] - 8))
