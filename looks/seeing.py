"""Open one page in a real browser, in each mode, and say what is amiss."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response
from playwright.sync_api import Error as BrowserError

from looks.findings import Finding, Kept, Look, Target
from looks.keyboard import tabbed_through
from looks.modes import COLOUR_RULES, NARROW, WIDE, Mode
from marketplace.kit.reading import COOKIE, Reading

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
HEIGHTS = {NARROW: 690, WIDE: 900}
_AXE = Path(AXE_FILE_PATH).read_text()
_RUN = """options => axe.run(document, options).then(found => found.violations.map(one => [
  one.id, one.nodes.length, one.nodes[0].html.slice(0, 200), (one.nodes[0].any[0] || one.nodes[0]).message || ""]))"""
_FORMS = """() => [...document.querySelectorAll("form")].filter(one => one.method === "post").length"""
_SEND = """number => {
  const form = [...document.querySelectorAll("form")].filter(one => one.method === "post")[number];
  for (const one of form.elements) {
    if (["checkbox", "radio"].includes(one.type)) one.checked = false;
    else if (one.type !== "hidden" && "value" in one && one.tagName !== "BUTTON") {
      if (one.tagName === "SELECT") one.selectedIndex = one.options[0] && one.options[0].value === "" ? 0 : -1;
      else one.value = "";
    }
  }
  form.noValidate = true;
  const button = form.querySelector("button:not([type=button]), input[type=submit]");
  if (button && button.name) {
    const said = document.createElement("input");
    Object.assign(said, {type: "hidden", name: button.name, value: button.value});
    form.append(said);
  }
  HTMLFormElement.prototype.submit.call(form);
}"""
_BONES = """() => ({
  headings: document.querySelectorAll("h1").length,
  problems: [...document.querySelectorAll(".govuk-error-summary__list > li")].map((one) => one.textContent.trim()),
  asked: [...document.querySelectorAll(".govuk-error-summary__list a")].map((one) =>
    [...document.querySelectorAll("[id]")].findIndex((control) => `#${control.id}` === one.getAttribute("href"))),
  title: document.title,
  twice: [...document.querySelectorAll("[id]")].map(one => one.id).filter((id, at, all) => all.indexOf(id) !== at),
  wordless: [...document.querySelectorAll("img:not([alt])")].map(one => one.src),
  lang: document.documentElement.lang,
})"""
_MAIN = """() => document.querySelector("main").innerText + document.querySelectorAll("main *").length"""
_WIDE = """() => {
  const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
  if (over <= 1) return null;
  const first = [...document.querySelectorAll("body *")].filter(one =>
    one.getBoundingClientRect().right > root.clientWidth + 1 && one.checkVisibility())
    .sort((a, b) => a.getBoundingClientRect().width - b.getBoundingClientRect().width)[0];
  return `${over} px too wide${first ? `: ${first.tagName.toLowerCase()}.${first.className}` : ""}`;
}"""


class Looker:
    """A browser that looks at pages as one visitor after another. What each fetched once, it need not fetch again."""

    def __init__(self, browser: Browser, sites: dict[str, str], cookies: dict[str, dict[str, str]], kept: Kept) -> None:
        self.browser, self.sites, self.cookies, self.kept = browser, sites, cookies, kept
        self._contexts: dict[tuple[str, str], BrowserContext] = {}

    def look(self, target: Target, modes: list[Mode]) -> Look:
        """Return what is seen of a page in all these modes."""
        look = Look(target, status=0)
        usual = ""
        for reading, ways in groupby(modes, key=lambda mode: mode.reading):
            told = "" if reading == Reading() else reading.to_cookie()
            with self._opened(target, told, look) as page:
                if page is None:
                    break
                # Most pages have no easy words of their own: what is said twice need not be looked at twice.
                main = str(page.evaluate(_MAIN))
                usual = usual or main
                is_same = bool(told) and main == usual
                for mode in ways:
                    if not (is_same and mode.is_for_words):
                        self._look(page, mode, look)
        look.modes = [mode.name for mode in modes]
        look.findings = sorted(set(look.findings))
        return look

    @contextmanager
    def _opened(self, target: Target, reading: str, look: Look) -> Iterator[Page | None]:
        page = self._context(target, reading).new_page()
        page.set_viewport_size({"width": WIDE, "height": HEIGHTS[WIDE]})
        _listen(page, look)
        try:
            yield page if self._is_there(page, target, reading, look) else None
        except BrowserError as error:
            look.findings.append(_went_wrong(error))
        finally:
            page.close()

    def _is_there(self, page: Page, target: Target, reading: str, look: Look) -> bool:
        try:
            answer = page.goto(target.path, wait_until="load")
            if answer is not None and target.sends is not None:
                answer = _sent(page, target.sends)
        except BrowserError as error:
            look.findings.append(_went_wrong(error))
            return False
        look.status = answer.status if answer else 0
        if answer is None or look.status != target.status:
            # A form that may be sent empty goes on to another page, which is looked at for itself.
            if target.sends is None:
                look.findings.append(Finding("answer", f"{look.status} instead of {target.status}"))
            return False
        if not reading:
            self._bones(page, answer, look)
        return True

    def _context(self, target: Target, reading: str) -> BrowserContext:
        url = self.sites[target.site]
        context = self._contexts.get((target.site, target.visitor))
        if context is None:
            context = self.browser.new_context(base_url=url, locale="en-GB", reduced_motion="reduce")
            context.set_default_timeout(30_000)
            self._contexts[target.site, target.visitor] = context
        context.clear_cookies()
        told = {"session": self.cookies[target.site].get(target.visitor), COOKIE: reading}
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in told.items() if value])
        return context

    def _bones(self, page: Page, answer: Response, look: Look) -> None:
        bones: dict[str, Any] = page.evaluate(_BONES)
        look.title = bones["title"]
        (self.kept.folder / "html" / f"{look.target.key}.html").write_bytes(answer.body())
        if bones["headings"] != 1:
            look.findings.append(Finding("one h1", f"there are {bones['headings']}"))
        look.findings += [Finding("an id used twice", one) for one in bones["twice"]]
        look.findings += [Finding("a picture without words", one) for one in bones["wordless"]]
        said: list[str] = bones["problems"]
        look.findings += [Finding("a problem said twice", one) for one in dict.fromkeys(said) if said.count(one) > 1]
        if bones["asked"] != sorted(bones["asked"]) or -1 in bones["asked"]:
            look.findings.append(Finding("problems in another order than the page", " ".join(said)))
        if not bones["lang"]:
            look.findings.append(Finding("language", "the page does not say which it is in"))

    def _look(self, page: Page, mode: Mode, look: Look) -> None:
        page.emulate_media(color_scheme=mode.scheme)  # type: ignore[arg-type]
        for width in mode.widths:
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            where = f"{mode.name} {width}"
            if width == NARROW and (wide := page.evaluate(_WIDE)):
                look.findings.append(Finding("scrolls sideways", wide, where))
            if mode.has_axe:
                look.findings += _axe(page, mode, where)
            if mode.has_picture:
                self._picture(page, look.target, mode, width)
        if mode.has_keyboard and look.target.sends is None:
            for width in mode.widths:
                page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
                page.reload(wait_until="load")  # The Tab key begins at the top of the page again.
                findings, stops = tabbed_through(page, f"{mode.name} {width}")
                look.findings += findings
                look.tab_stops = max(look.tab_stops, stops)

    def _picture(self, page: Page, target: Target, mode: Mode, width: int) -> None:
        path = self.kept.folder / "shots" / f"{target.key}-{mode.name}-{width}.jpg"
        page.screenshot(path=path, full_page=True, type="jpeg", quality=60, animations="disabled")


def _axe(page: Page, mode: Mode, where: str) -> list[Finding]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    kinds = (
        {"type": "rule", "values": list(COLOUR_RULES)} if mode.only_colours else {"type": "tag", "values": list(TAGS)}
    )
    found = page.evaluate(_RUN, {"runOnly": kinds, "resultTypes": ["violations"]})
    return [Finding(f"axe: {rule}", f"{count} of it: {source} {why}", where) for rule, count, source, why in found]


def _went_wrong(error: BrowserError) -> Finding:
    return Finding("answer", str(error).splitlines()[0][:200])


def _sent(page: Page, number: int) -> Response | None:
    """Send one form empty; what another form has done may have taken it away."""
    if number >= page.evaluate(_FORMS):
        return None
    with page.expect_navigation() as coming:
        page.evaluate(_SEND, number)
    return coming.value


def _listen(page: Page, look: Look) -> None:
    def say(check: str, words: str) -> None:
        look.findings.append(Finding(check, words[:300]))

    def heard(message: Any) -> None:
        # That the page itself was refused is what was asked for; or it says itself that it has no such form.
        is_of_page = message.location.get("url", "").split("#")[0] == page.url.split("#")[0]
        if message.type == "error" and not is_of_page:
            say("console", message.text)

    def missed(request: Request) -> None:
        # What the browser gives up itself, such as a picture on its way when the page is left, has not failed.
        if request.failure != "net::ERR_ABORTED":
            say("request", f"{request.url}: {request.failure}")

    page.on("console", heard)
    page.on("pageerror", lambda error: say("script", str(error)))
    page.on("requestfailed", missed)
