/* Paying an invoice on its page: with the card on file, or with another one. */
(function () {
  "use strict";

  const root = document.getElementById("pay");
  if (!root) {
    return;
  }
  const { key, clientSecret, savedMethod } = root.dataset;
  const stripe = window.Stripe(key);
  const elements = stripe.elements({ clientSecret });
  const message = document.getElementById("message");
  elements.create("payment").mount("#payment-element");

  async function pay(button, options) {
    button.disabled = true;
    message.textContent = "";
    const result = await stripe.confirmPayment({ clientSecret, redirect: "if_required", ...options });
    if (result.error) {
      message.textContent = result.error.message;
      button.disabled = false;
    } else {
      window.location.reload();
    }
  }

  const saved = document.getElementById("pay-saved");
  if (saved) {
    saved.addEventListener("click", () => pay(saved, { confirmParams: { payment_method: savedMethod } }));
  }
  document.getElementById("pay-form").addEventListener("submit", (event) => {
    event.preventDefault();
    pay(document.getElementById("pay-new"), { elements });
  });
})();
