// Fetches the parts of a page that take longer than the page itself.
(() => {
  for (const place of document.querySelectorAll("[data-fetch]")) {
    const inside = place.querySelector("[data-fetched]");
    fetch(place.dataset.fetch)
      .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.text(); })
      .then((html) => { inside.innerHTML = html; })
      .catch(() => { inside.textContent = "This could not be worked out now. Open the page again in a while."; });
  }
})();
