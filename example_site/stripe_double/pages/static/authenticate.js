/* The bank's question: answer it, then tell the page around, or go back to where the person came from. */
(function () {
  "use strict";

  document.querySelectorAll("button[data-passed]").forEach((button) => {
    button.addEventListener("click", async () => {
      document.querySelectorAll("button").forEach((item) => {
        item.disabled = true;
      });
      const passed = button.dataset.passed === "true";
      const response = await fetch(window.location.pathname, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ passed }) });
      const answer = await response.json();
      if (window.parent !== window) {
        window.parent.postMessage({ authenticated: passed }, "*");
      } else if (answer.return_url) {
        window.location.assign(answer.return_url);
      } else {
        window.location.reload();
      }
    });
  });
})();
