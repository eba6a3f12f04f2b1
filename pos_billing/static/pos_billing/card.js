// Stripe's own card field: what is typed into it goes to Stripe and not through this page.
(() => {
  const form = document.getElementById("card-form");
  const problem = document.getElementById("card-problem");
  const button = form.querySelector("button");
  const say = (text) => {
    problem.querySelector("p").textContent = text;
    problem.hidden = false;
    problem.scrollIntoView({ block: "nearest" });
  };
  if (typeof Stripe === "undefined") {
    say("The card form could not be loaded from Stripe. Check your connection, and reload the page.");
    return;
  }
  const { publicKey, clientSecret, stripeAccount, returnUrl } = form.dataset;
  const stripe = stripeAccount ? Stripe(publicKey, { stripeAccount }) : Stripe(publicKey);
  const elements = stripe.elements({ clientSecret, appearance: { theme: "stripe" } });
  const card = elements.create("payment");
  const place = document.getElementById("card-element");
  place.textContent = "";
  card.on("ready", () => { button.disabled = false; });
  card.mount(place);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.hidden = true;
    const { error } = await stripe.confirmSetup({ elements, confirmParams: { return_url: returnUrl } });
    if (error) say(error.message || "The card was not accepted.");
    button.disabled = false;
  });
})();
