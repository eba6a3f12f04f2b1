"""Opening pages as people do: signed in, on a wide and a narrow screen, looked at by axe, kept as pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.databases import PASSWORD

PICTURES = Path(__file__).resolve().parent.parent.parent / "screenshots"
SCREENS = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BEST = "best-practice"
"""Rules beyond WCAG, for pages whose whole frame is ours (Oscar's storefront has no main landmark)."""


@dataclass
class Visitor:
    """Somebody at a browser. ``look`` opens a page and returns it; ``assert_well`` tells the problems of all pages."""

    page: object
    site: object
    schema: str
    oscar: bool = False
    problems: list[str] = field(default_factory=list)

    def sign_in(self, email: str, *, at: str = "/dashboard/billing/sign-in/", password: str = PASSWORD) -> Visitor:
        """Sign in with a form of the site."""
        self.page.goto(self.site.url(self.schema, at))
        self.page.fill("input[name=username]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("form:has(input[name=password]) [type=submit]")
        return self

    def look(self, path: str, name: str, *, status: int = 200, unfold: bool = False):
        """Open a page on both screens, let axe look at it, keep its picture as ``screenshots/<name>-<screen>.png``."""
        PICTURES.mkdir(exist_ok=True)
        for screen, size in SCREENS.items():
            self.page.set_viewport_size(size)
            answer = self.page.goto(self.site.url(self.schema, path))
            if answer.status != status:
                self.problems.append(f"{name}: {path} answered {answer.status}, not {status}")
                continue
            self.see(f"{name}-{screen}", unfold=unfold)
        return self.page

    def see(self, name: str, *, unfold: bool = False) -> None:
        """Look at the page as it stands: axe, nothing beyond the screen's edge, picture."""
        if unfold:
            for fold in self.page.query_selector_all("main details:not([open]) > summary"):
                fold.evaluate("summary => { summary.parentElement.open = true; }")
        self.page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=True)
        beyond = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            self.problems.append(f"{name}: reaches {beyond} pixels beyond the screen")
        found = Axe().run(self.page, options={"runOnly": WCAG_AA if self.oscar else [*WCAG_AA, BEST]})
        for violation in found.response["violations"]:
            places = "; ".join(node["target"][0] if node["target"] else "?" for node in violation["nodes"][:4])
            self.problems.append(f"{name}: {violation['id']} ({violation['help']}) at {places}")

    def assert_well(self) -> None:
        """No page had a problem."""
        assert not self.problems, "\n" + "\n".join(self.problems)
