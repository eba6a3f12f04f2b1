/* Inside the frame: the card form. What is typed here goes to the double's API and nowhere else. */
(function () {
  "use strict";

  const query = new URLSearchParams(window.location.search);
  const parentOrigin = query.get("parent");
  const form = document.querySelector("form");
  const fields = Object.fromEntries(["number", "expiry", "cvc", "country", "postalCode"].map((name) => [name, form.elements[name]]));

  function digits(text) {
    return text.replace(/\D/g, "");
  }

  function luhn(number) {
    let total = 0;
    [...number].reverse().forEach((character, position) => {
      let digit = Number(character);
      if (position % 2) {
        digit = digit > 4 ? digit * 2 - 9 : digit * 2;
      }
      total += digit;
    });
    return number.length >= 12 && total % 10 === 0;
  }

  function brand(number) {
    if (/^4/.test(number)) {
      return "visa";
    }
    if (/^(5[1-5]|2[2-7])/.test(number)) {
      return "mastercard";
    }
    if (/^3[47]/.test(number)) {
      return "amex";
    }
    return /^6/.test(number) ? "discover" : "";
  }

  const problems = {
    number: () => {
      const number = digits(fields.number.value);
      return number.length < 12 ? "Your card number is incomplete." : luhn(number) ? "" : "Your card number is invalid.";
    },
    expiry: () => {
      const [month, year] = [Number(digits(fields.expiry.value).slice(0, 2)), digits(fields.expiry.value).slice(2)];
      if (year.length < 2) {
        return "Your card's expiration date is incomplete.";
      }
      return month < 1 || month > 12 ? "Your card's expiration date is invalid." : "";
    },
    cvc: () => (digits(fields.cvc.value).length < 3 ? "Your card's security code is incomplete." : ""),
  };

  function show(name, text) {
    const field = fields[name];
    field.setAttribute("aria-invalid", text ? "true" : "false");
    document.getElementById(`${name}-error`).textContent = text;
  }

  function validate() {
    let first = "";
    Object.entries(problems).forEach(([name, problem]) => {
      const text = problem();
      show(name, text);
      first = first || text;
    });
    tellHeight();
    return first ? { error: { type: "validation_error", message: first } } : {};
  }

  function tell(message) {
    window.parent.postMessage(message, parentOrigin);
  }

  function tellHeight() {
    tell({ event: "height", height: document.documentElement.offsetHeight });
  }

  function tellChange() {
    const complete = Object.values(problems).every((problem) => !problem());
    const empty = !fields.number.value && !fields.expiry.value && !fields.cvc.value;
    tell({ event: "change", details: { complete, empty, collapsed: false, value: { type: "card" } } });
  }

  function encode(values, prefix, target) {
    Object.entries(values).forEach(([name, value]) => {
      const key = prefix ? `${prefix}[${name}]` : name;
      if (value === undefined || value === null) {
        return;
      }
      if (typeof value === "object") {
        encode(value, key, target);
      } else {
        target.append(key, value);
      }
    });
    return target;
  }

  async function post(path, values) {
    const headers = { Authorization: `Bearer ${query.get("key")}` };
    if (query.get("account")) {
      headers["Stripe-Account"] = query.get("account");
    }
    const response = await fetch(`/v1/${path}`, { method: "POST", headers, body: encode(values, "", new URLSearchParams()) });
    return response.json();
  }

  function cardData(billingDetails) {
    const expiry = digits(fields.expiry.value);
    const given = billingDetails || {};
    const address = { country: fields.country.value, postal_code: fields.postalCode.value || undefined, ...given.address };
    return {
      type: "card",
      card: { number: digits(fields.number.value), exp_month: Number(expiry.slice(0, 2)), exp_year: Number(expiry.slice(2)), cvc: digits(fields.cvc.value) },
      billing_details: { ...given, address },
    };
  }

  const actions = {
    submit: async () => {
      const answer = validate();
      return answer.error ? answer : { selectedPaymentMethod: "card" };
    },
    focus: async () => fields.number.focus(),
    clear: async () => form.reset(),
    confirm: async ({ path, parameters }) => {
      const invalid = validate();
      if (invalid.error) {
        return invalid;
      }
      const { payment_method_data: data, ...others } = parameters;
      const method = await post("payment_methods", cardData((data || {}).billing_details));
      return method.error ? method : post(path, { ...others, payment_method: method.id });
    },
    createPaymentMethod: async ({ billing_details: billingDetails }) => {
      const invalid = validate();
      return invalid.error ? invalid : post("payment_methods", cardData(billingDetails));
    },
  };

  window.addEventListener("message", async (event) => {
    if (event.source !== window.parent || event.origin !== parentOrigin || !event.data.stripeDouble) {
      return;
    }
    const answer = await actions[event.data.action](event.data.values);
    tell({ answerTo: event.data.number, answer });
  });

  fields.number.addEventListener("input", () => {
    const number = digits(fields.number.value).slice(0, 19);
    const groups = brand(number) === "amex" ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)] : number.match(/.{1,4}/g) || [];
    fields.number.value = groups.filter(Boolean).join(" ");
    document.getElementById("brand").textContent = { visa: "Visa", mastercard: "Mastercard", amex: "Amex", discover: "Discover" }[brand(number)] || "";
  });
  fields.expiry.addEventListener("input", () => {
    let value = digits(fields.expiry.value);
    if (value.length === 1 && Number(value) > 1) {
      value = `0${value}`;
    }
    value = value.slice(0, 4);
    fields.expiry.value = value.length > 2 ? `${value.slice(0, 2)} / ${value.slice(2)}` : value;
  });
  fields.cvc.addEventListener("input", () => {
    fields.cvc.value = digits(fields.cvc.value).slice(0, 4);
  });
  Object.keys(problems).forEach((name) => {
    fields[name].addEventListener("blur", () => {
      if (fields[name].value) {
        show(name, problems[name]());
        tellHeight();
      }
    });
  });
  form.addEventListener("input", tellChange);
  form.addEventListener("submit", (event) => event.preventDefault());
  new ResizeObserver(tellHeight).observe(document.documentElement);
  tell({ event: "ready", details: {} });
  tellHeight();
})();
