// Passkeys: the browser's ceremony between a form's button and its sending. `data-passkey` says whether a key is
// made ("create") or used ("get"); `data-options` names the JSON in the page that the server made for it, and
// `data-options-url` where to fetch it. A form that is hidden at first shows where passkeys can be.

type Options = { publicKey: Record<string, unknown> };
type Described = { id: string };

const BINARY = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function toText(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** What the server sent, with its texts turned into the bytes that the browser asks for. */
export function readOptions({ publicKey }: Options): Record<string, unknown> {
  const read: Record<string, unknown> = { ...publicKey, challenge: toBytes(publicKey.challenge as string) };
  const user = publicKey.user as Described | undefined;
  if (user) read.user = { ...user, id: toBytes(user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    const known = publicKey[list] as Described[] | undefined;
    if (known) read[list] = known.map((key) => ({ ...key, id: toBytes(key.id) }));
  }
  return read;
}

/** What the browser made, as JSON that the server reads. */
export function describe(made: PublicKeyCredential): Record<string, unknown> {
  const response: Record<string, unknown> = {};
  for (const name of BINARY) {
    const value = (made.response as unknown as Record<string, ArrayBuffer | null | undefined>)[name];
    if (value) response[name] = toText(value);
  }
  return {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment,
    clientExtensionResults: made.getClientExtensionResults(),
    response,
  };
}

async function options(form: HTMLFormElement): Promise<Options> {
  const { options: id, optionsUrl } = form.dataset;
  if (!optionsUrl) return JSON.parse(document.getElementById(id ?? "")?.textContent ?? "") as Options;
  const answer = await fetch(optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
  return ((await answer.json()) as { request_options: Options }).request_options;
}

async function perform(form: HTMLFormElement): Promise<void> {
  const publicKey = readOptions(await options(form)) as unknown;
  const made =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: publicKey as PublicKeyCredentialCreationOptions })
      : await navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions });
  const field = form.elements.namedItem("credential") as HTMLInputElement;
  field.value = JSON.stringify(describe(made as PublicKeyCredential));
}

function show(form: HTMLFormElement, what: "unable" | "failed", shown = true): void {
  const note = form.querySelector<HTMLElement>(`[data-passkey-${what}]`);
  if (note) note.hidden = !shown;
}

function install(form: HTMLFormElement): void {
  const button = form.querySelector("button");
  // An address that is a bare number can have no passkeys, whatever the browser knows.
  const named = !/^[\d.]+$|:/.test(location.hostname);
  if (!window.PublicKeyCredential || !isSecureContext || !named) {
    show(form, "unable");
    if (button) button.disabled = true;
    return;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show(form, "failed", false);
    if (button) button.disabled = true;
    try {
      await perform(form);
      form.submit();
    } catch {
      show(form, "failed");
      if (button) button.disabled = false;
    }
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) install(form);
