import { expect, it } from "vitest";
import { describe as describeKey, readOptions, toBytes, toText } from "../src/passkeys";

const bytes = (...values: number[]) => new Uint8Array(values).buffer;

it("turns bytes into text that travels in addresses, and back", () => {
  expect(toText(bytes(251, 255, 254, 0))).toBe("-__-AA");
  expect([...toBytes("-__-AA")]).toEqual([251, 255, 254, 0]);
  expect(toText(bytes())).toBe("");
});

it("reads what the server asks for a new key", () => {
  const read = readOptions({
    publicKey: { challenge: "AQI", user: { id: "Aw", name: "ada" }, excludeCredentials: [{ id: "BA" }] },
  });
  expect(read).toEqual({
    challenge: new Uint8Array([1, 2]),
    user: { id: new Uint8Array([3]), name: "ada" },
    excludeCredentials: [{ id: new Uint8Array([4]) }],
  });
});

it("describes what the browser made, and leaves out what it did not", () => {
  const made = {
    id: "AQ",
    rawId: bytes(1),
    type: "public-key",
    authenticatorAttachment: "platform",
    getClientExtensionResults: () => ({ credProps: { rk: true } }),
    response: { clientDataJSON: bytes(2), signature: bytes(3), userHandle: null },
  } as unknown as PublicKeyCredential;
  expect(describeKey(made)).toEqual({
    id: "AQ",
    rawId: "AQ",
    type: "public-key",
    authenticatorAttachment: "platform",
    clientExtensionResults: { credProps: { rk: true } },
    response: { clientDataJSON: "Ag", signature: "Aw" },
  });
});
