// Passkeys: asks the browser for one, puts its answer into the form that is there, and sends it. Only pages that have
// such a form load this; without it one signs in with a password and codes.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const words = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

function asked(told) {
  const options = { ...told, challenge: bytes(told.challenge) };
  if (told.user) options.user = { ...told.user, id: bytes(told.user.id) };
  if (told.excludeCredentials) options.excludeCredentials = known(told.excludeCredentials);
  if (told.allowCredentials) options.allowCredentials = known(told.allowCredentials);
  return options;
}

function answered(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: words(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = words(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: words(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: {},
  });
}

function offer(form) {
  const { passkey, options, refused } = form.dataset;
  const told = { publicKey: asked(JSON.parse(options)) };
  const said = form.querySelector("[data-said]");
  const send = (credential) => {
    form.elements.answer.value = answered(credential);
    // By its own name: a button called “submit” would hide it.
    HTMLFormElement.prototype.submit.call(form);
  };
  let waiting = new AbortController();
  form.hidden = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    waiting.abort();
    waiting = new AbortController();
    said.className = said.textContent = "";
    const ask = passkey === "make" ? "create" : "get";
    navigator.credentials[ask]({ ...told, signal: waiting.signal })
      .then(send)
      .catch((error) => {
        if (error.name === "AbortError") return;
        said.className = "govuk-error-message";
        said.textContent = refused;
      });
  });

  // In the list of addresses that the browser offers to fill in, a passkey stands beside them.
  if (passkey === "fill") {
    PublicKeyCredential.isConditionalMediationAvailable?.().then((is) => {
      if (!is) return;
      navigator.credentials
        .get({ ...told, mediation: "conditional", signal: waiting.signal })
        .then(send)
        .catch(() => {});
    });
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) offer(form);
  for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
}
