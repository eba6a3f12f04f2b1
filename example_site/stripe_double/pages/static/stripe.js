/* Stand-in for Stripe.js: card numbers are entered in a frame of the double's origin and never reach the page around it. */
(function () {
  "use strict";

  const ORIGIN = new URL(document.currentScript.src).origin;
  const SETUP = { path: "setup_intents", result: "setupIntent", error: "last_setup_error", name: "setup_intent" };
  const PAYMENT = { path: "payment_intents", result: "paymentIntent", error: "last_payment_error", name: "payment_intent" };
  let counter = 0;

  function next() {
    counter += 1;
    return counter;
  }

  function idOf(clientSecret) {
    const position = (clientSecret || "").indexOf("_secret_");
    if (position < 0) {
      throw new Error("IntegrationError: the client secret has the form ID_secret_SECRET.");
    }
    return clientSecret.slice(0, position);
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

  async function call(client, method, path, values) {
    const headers = { Authorization: `Bearer ${client.key}` };
    if (client.account) {
      headers["Stripe-Account"] = client.account;
    }
    const body = encode(values || {}, "", new URLSearchParams());
    const address = `${ORIGIN}/v1/${path}${method === "GET" ? `?${body}` : ""}`;
    try {
      const response = await fetch(address, { method, headers, body: method === "GET" ? undefined : body });
      return await response.json();
    } catch (error) {
      return { error: { type: "api_connection_error", message: "We are experiencing issues connecting to our payments provider." } };
    }
  }

  function frame(source, title) {
    const element = document.createElement("iframe");
    element.src = source;
    element.title = title;
    element.name = `__privateStripeFrame${next()}`;
    element.setAttribute("allow", "payment *");
    element.style.cssText = "border:0;width:100%;display:block;color-scheme:normal";
    return element;
  }

  /* Ask a frame of the double to do something; its answer comes back by message. */
  function ask(element, action, values) {
    const number = next();
    return new Promise((resolve) => {
      function heard(event) {
        if (event.origin === ORIGIN && event.source === element.contentWindow && event.data.answerTo === number) {
          window.removeEventListener("message", heard);
          resolve(event.data.answer);
        }
      }
      window.addEventListener("message", heard);
      element.contentWindow.postMessage({ stripeDouble: true, number, action, values }, ORIGIN);
    });
  }

  /* 3-D Secure: the bank's page in a modal, until it says that it is done. */
  function challenge(url) {
    return new Promise((resolve) => {
      const shade = document.createElement("div");
      shade.setAttribute("role", "dialog");
      shade.setAttribute("aria-modal", "true");
      shade.setAttribute("aria-label", "3-D Secure");
      shade.style.cssText = "position:fixed;inset:0;z-index:2147483647;background:rgba(16,24,40,.55);display:flex;align-items:center;justify-content:center;padding:16px";
      const page = frame(url, "3-D Secure authentication");
      page.style.cssText = "border:0;width:min(420px,100%);height:min(460px,100%);border-radius:16px;background:#fff;box-shadow:0 24px 64px rgba(16,24,40,.35)";
      shade.appendChild(page);
      function heard(event) {
        if (event.origin === ORIGIN && event.source === page.contentWindow && event.data.authenticated !== undefined) {
          window.removeEventListener("message", heard);
          document.removeEventListener("keydown", escape);
          shade.remove();
          resolve(event.data.authenticated);
        }
      }
      function escape(event) {
        if (event.key === "Escape") {
          page.focus();
        }
      }
      window.addEventListener("message", heard);
      document.addEventListener("keydown", escape);
      document.body.appendChild(shade);
      page.focus();
    });
  }

  class Element {
    constructor(elements, type, options) {
      this.elements = elements;
      this.type = type;
      this.options = options || {};
      this.listeners = {};
    }

    mount(target) {
      const place = typeof target === "string" ? document.querySelector(target) : target;
      if (!place) {
        throw new Error(`IntegrationError: no element fits ${target}.`);
      }
      const client = this.elements.client;
      const query = new URLSearchParams({ key: client.key, parent: window.location.origin });
      if (client.account) {
        query.set("account", client.account);
      }
      const theme = ((this.elements.options.appearance || {}).theme) || "stripe";
      query.set("theme", theme);
      this.frame = frame(`${ORIGIN}/elements/payment?${query}`, "Secure payment input frame");
      this.frame.style.height = "260px";
      this.hear = (event) => {
        if (event.origin !== ORIGIN || !this.frame || event.source !== this.frame.contentWindow || !event.data.event) {
          return;
        }
        if (event.data.event === "height") {
          this.frame.style.height = `${event.data.height}px`;
          return;
        }
        (this.listeners[event.data.event] || []).forEach((listener) => listener({ elementType: this.type, ...event.data.details }));
      };
      window.addEventListener("message", this.hear);
      place.replaceChildren(this.frame);
      return this;
    }

    on(event, listener) {
      (this.listeners[event] = this.listeners[event] || []).push(listener);
      return this;
    }

    once(event, listener) {
      const once = (details) => {
        this.off(event, once);
        listener(details);
      };
      return this.on(event, once);
    }

    off(event, listener) {
      this.listeners[event] = (this.listeners[event] || []).filter((item) => listener && item !== listener);
      return this;
    }

    update(options) {
      Object.assign(this.options, options);
    }

    focus() {
      ask(this.frame, "focus", {});
    }

    clear() {
      ask(this.frame, "clear", {});
    }

    unmount() {
      window.removeEventListener("message", this.hear);
      if (this.frame) {
        this.frame.remove();
        this.frame = null;
      }
    }

    destroy() {
      this.unmount();
      this.elements.forget(this);
    }
  }

  class Elements {
    constructor(client, options) {
      this.client = client;
      this.options = options || {};
      this.made = {};
    }

    create(type, options) {
      if (type !== "payment" && type !== "card") {
        throw new Error(`IntegrationError: the stand-in has the elements "payment" and "card", not "${type}".`);
      }
      if (this.made[type]) {
        throw new Error(`IntegrationError: Can only create one Element of type ${type}.`);
      }
      this.made[type] = new Element(this, type, options);
      return this.made[type];
    }

    getElement(type) {
      return this.made[type] || null;
    }

    update(options) {
      Object.assign(this.options, options);
    }

    async fetchUpdates() {
      return {};
    }

    forget(element) {
      delete this.made[element.type];
    }

    mounted() {
      const element = this.made.payment || this.made.card;
      if (!element || !element.frame) {
        throw new Error("IntegrationError: mount a Payment Element first.");
      }
      return element.frame;
    }

    async submit() {
      return ask(this.mounted(), "submit", {});
    }
  }

  class Client {
    constructor(key, options) {
      if (!/^pk_(test|live)_/.test(key || "")) {
        throw new Error("IntegrationError: Stripe() wants a publishable key: pk_test_…");
      }
      this.key = key;
      this.account = (options || {}).stripeAccount || null;
    }

    elements(options) {
      return new Elements(this, options);
    }

    confirmSetup(options) {
      return this.confirm(SETUP, options);
    }

    confirmPayment(options) {
      return this.confirm(PAYMENT, options);
    }

    confirmCardSetup(clientSecret, data) {
      return this.confirm(SETUP, { clientSecret, redirect: "if_required", ...this.fromCardData(data) });
    }

    confirmCardPayment(clientSecret, data) {
      return this.confirm(PAYMENT, { clientSecret, redirect: "if_required", ...this.fromCardData(data) });
    }

    fromCardData(data) {
      const method = (data || {}).payment_method;
      if (method && typeof method === "object") {
        return { elements: method.card.elements, confirmParams: { payment_method_data: { billing_details: method.billing_details } } };
      }
      return { confirmParams: { payment_method: method } };
    }

    async confirm(kind, options) {
      const clientSecret = options.clientSecret || (options.elements && options.elements.options.clientSecret);
      const parameters = { ...(options.confirmParams || {}), client_secret: clientSecret, use_stripe_sdk: true };
      const path = `${kind.path}/${idOf(clientSecret)}/confirm`;
      let answer;
      if (options.elements && !parameters.payment_method) {
        answer = await ask(options.elements.mounted(), "confirm", { path, parameters });
      } else {
        answer = await call(this, "POST", path, parameters);
      }
      if (answer.error) {
        return { error: answer.error };
      }
      const finished = await this.finish(kind, answer, clientSecret);
      if (!finished.error && options.redirect !== "if_required" && parameters.return_url) {
        const back = new URL(parameters.return_url, window.location.href);
        back.searchParams.set(kind.name, finished[kind.result].id);
        back.searchParams.set(`${kind.name}_client_secret`, clientSecret);
        back.searchParams.set("redirect_status", finished[kind.result].status);
        window.location.assign(back);
        return new Promise(() => {});
      }
      return finished;
    }

    async finish(kind, intent, clientSecret) {
      let current = intent;
      if (current.status === "requires_action") {
        const action = current.next_action;
        if (action.type === "redirect_to_url") {
          window.location.assign(action.redirect_to_url.url);
          return new Promise(() => {});
        }
        await challenge(action.use_stripe_sdk.stripe_js);
        current = await call(this, "GET", `${kind.path}/${idOf(clientSecret)}`, { client_secret: clientSecret });
        if (current.error) {
          return { error: current.error };
        }
      }
      if (current.status === "requires_payment_method") {
        const error = current[kind.error] || { type: "invalid_request_error", message: "The payment was not completed." };
        return { error: { ...error, [kind.name]: current } };
      }
      return { [kind.result]: current };
    }

    async handleNextAction(options) {
      const kind = options.clientSecret.startsWith("seti_") ? SETUP : PAYMENT;
      const intent = await call(this, "GET", `${kind.path}/${idOf(options.clientSecret)}`, { client_secret: options.clientSecret });
      return intent.error ? { error: intent.error } : this.finish(kind, intent, options.clientSecret);
    }

    async createPaymentMethod(options) {
      const details = (options.params || options).billing_details;
      const answer = await ask(options.elements.mounted(), "createPaymentMethod", { billing_details: details });
      return answer.error ? { error: answer.error } : { paymentMethod: answer };
    }

    retrieveSetupIntent(clientSecret) {
      return this.retrieve(SETUP, clientSecret);
    }

    retrievePaymentIntent(clientSecret) {
      return this.retrieve(PAYMENT, clientSecret);
    }

    async retrieve(kind, clientSecret) {
      const answer = await call(this, "GET", `${kind.path}/${idOf(clientSecret)}`, { client_secret: clientSecret });
      return answer.error ? { error: answer.error } : { [kind.result]: answer };
    }

    registerAppInfo() {}
  }

  window.Stripe = function Stripe(key, options) {
    return new Client(key, options);
  };
  window.Stripe.version = "dahlia";
})();
