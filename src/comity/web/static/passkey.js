// Passkeys: asks the browser for one when a form with data-passkey is sent, and sends its answer with that form.
// Signing in by a password and a one-time code works without this file; adding a passkey does not.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (credentials) => (credentials || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = async (form) => {
    const data = new URLSearchParams();
    for (const name of ["_csrf", "ticket"]) if (form.elements[name]) data.set(name, form.elements[name].value);
    const answer = await fetch(form.dataset.options, { method: "POST", body: data, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const options = await answer.json();
    options.challenge = bytes(options.challenge);
    options.excludeCredentials = listed(options.excludeCredentials);
    options.allowCredentials = listed(options.allowCredentials);
    if (options.user) options.user.id = bytes(options.user.id);
    return options;
  };

  const answered = async (form) => {
    const publicKey = await asked(form);
    const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (made.response[name]) response[name] = text(made.response[name]);
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const failed = form.querySelector("[role=alert]");
      const button = form.querySelector("button");
      failed.hidden = true;
      button.disabled = true;
      try {
        form.elements.answer.value = await answered(form);
        form.submit();
      } catch {
        failed.hidden = false;
        button.disabled = false;
      }
    });
  }
})();
