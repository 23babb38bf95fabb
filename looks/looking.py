"""Look at some pages in one browser, in a process of its own, and write down what was seen of each."""

import shutil
from zlib import crc32

from playwright.sync_api import sync_playwright

from looks.findings import Kept, Target
from looks.modes import Mode
from looks.seeing import Looker


def look_at(batch: list[Target], urls: dict[str, str], cookies: dict[str, dict[str, str]], modes: list[Mode]) -> int:
    """Look at some pages in one browser, and return how many they were. In a process of its own."""
    kept = Kept()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        looker = Looker(browser, urls, cookies, kept)
        for target in batch:
            kept.keep(looker.look(target, modes_for(target, modes)))
        browser.close()
    return len(batch)


def modes_for(target: Target, modes: list[Mode]) -> list[Mode]:
    """Return the modes that a page is looked at in. Some look at a part of all pages; refused forms need only one."""
    if target.sends is not None:
        return modes[:1]
    return [mode for mode in modes if crc32(target.key.encode()) % mode.every == 0]
