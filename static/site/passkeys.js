// Signing in by a passkey, and adding one for that. A ceremony of its own: it never asks a passkey for a PRF, and posts
// no extension's result but whether the passkey can be found without a name. Opening a safe is static/app/passkey/.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((each) => ({ type: each.type, id: bytes(each.id) }));

async function made(options) {
  const { challenge, user, excludeCredentials, rp, pubKeyCredParams, timeout } = options.publicKey;
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(challenge),
      user: { ...user, id: bytes(user.id) },
      excludeCredentials: named(excludeCredentials),
      rp,
      pubKeyCredParams,
      timeout,
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      extensions: { credProps: true },
    },
  });
  const { attestationObject, clientDataJSON } = credential.response;
  const rk = credential.getClientExtensionResults().credProps?.rk ?? true;
  return posted(credential, { attestationObject, clientDataJSON }, { credProps: { rk } });
}

async function used(options) {
  const { challenge, allowCredentials, rpId, timeout } = options.publicKey;
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge),
      allowCredentials: named(allowCredentials),
      rpId,
      timeout,
      userVerification: "required",
    },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response;
  return posted(credential, { authenticatorData, clientDataJSON, signature, userHandle }, {});
}

function posted(credential, response, clientExtensionResults) {
  const parts = Object.entries(response).filter(([, value]) => value);
  return {
    id: text(credential.rawId),
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(parts.map(([name, value]) => [name, text(value)])),
    clientExtensionResults,
  };
}

async function options(form) {
  const kept = document.getElementById("passkey-options");
  if (kept) return JSON.parse(kept.textContent);
  const reply = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!reply.ok) throw new Error("no challenge");
  return reply.json();
}

async function run(form) {
  const trouble = form.querySelector("[data-trouble]");
  trouble.hidden = true;
  try {
    const asked = await options(form);
    const answer = form.dataset.passkey === "make" ? await made(asked.creation_options) : await used(asked.request_options);
    form.querySelector('[name="credential"]').value = JSON.stringify(answer);
    form.submit();
  } catch {
    trouble.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (typeof PublicKeyCredential === "undefined") continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(form);
  });
}
