import "./platform";
import { describe, expect, it, vi } from "vitest";
import { addressFrom, answered, begin, byToken, type Waiting } from "../src/connection";

const ADDRESS = "https://stint.example.com";
const WAITING: Waiting = { address: ADDRESS, secret: "s", code: "BCDF-GHJK", page: "", interval: 2 };
const ADA = {
  id: 1,
  name: "Ada",
  email: "ada@example.com",
  timezone: "UTC",
  account: { id: 1, name: "Engines" },
};

/** Have the server answer one after another; null is a server that cannot be reached. */
function serve(...answers: ([number, unknown] | null)[]): ReturnType<typeof vi.fn> {
  const asked = vi.fn(async () => {
    const next = answers.shift();
    if (!next) throw new TypeError("Failed to fetch");
    const [status, body] = next;
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  });
  vi.stubGlobal("fetch", asked);
  return asked;
}

describe("the address of a server", () => {
  it.each([
    ["https://stint.example.com", ADDRESS],
    ["  stint.example.com/projects?x=1 ", ADDRESS],
    ["HTTPS://Stint.Example.com:443/", ADDRESS],
    ["stint.example.com:8443", "https://stint.example.com:8443"],
    ["http://127.0.0.1:8000/", "http://127.0.0.1:8000"],
    ["localhost:8000", "http://localhost:8000"],
    ["http://[::1]:8000", "http://[::1]:8000"],
  ])("is read from %s", (typed, address) => {
    expect(addressFrom(typed)).toBe(address);
  });

  it.each([
    ["", "addressMissing"],
    ["not an address", "addressWrong"],
    ["ftp://stint.example.com", "addressWrong"],
    ["javascript:alert(1)", "addressWrong"],
    ["https://ada:secret@stint.example.com", "addressWrong"],
    ["http://stint.example.com", "httpsDue"],
    ["http://192.168.0.5:8000", "httpsDue"],
    ["http://127.evil.example", "httpsDue"],
  ])("is refused: %s", (typed, why) => {
    expect(() => addressFrom(typed)).toThrow(why);
  });
});

describe("connecting", () => {
  it("says what asks, and sends the person to the address they typed", async () => {
    const asked = serve([
      201,
      { secret: "s", code: "BCDF-GHJK", page: "http://inside:8000/connect", interval: 2 },
    ]);
    const waiting = await begin(ADDRESS);
    expect(waiting.page).toBe(`${ADDRESS}/connect?code=BCDF-GHJK`);
    const [url, sent] = asked.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe(`${ADDRESS}/api/v1/connections`);
    expect(JSON.parse(sent.body as string)).toEqual({ client: "extension", name: "Stint, Chrome, Linux" });
  });

  it.each([
    ["another web server", [404, "<html>"], "notStint"],
    ["another API", [200, { ok: true }], "notStint"],
    ["an old Stint", [404, { detail: "There is nothing at this address." }], "notStint"],
    ["nobody", null, "noServer"],
    ["a busy server", [429, { detail: "Wait a few minutes." }], "Wait a few minutes."],
  ] as const)("tells what is wrong with %s", async (_who, answer, why) => {
    serve(answer as [number, unknown] | null);
    await expect(begin(ADDRESS)).rejects.toThrow(why);
  });

  it("goes on waiting while nobody answered or the server is away", async () => {
    serve([200, { status: "pending", token: null }], null);
    expect(await answered(WAITING)).toBeUndefined();
    expect(await answered(WAITING)).toBeUndefined();
  });

  it("belongs to whoever allowed it", async () => {
    serve([200, { status: "allowed", token: "stint_x" }], [200, ADA]);
    expect(await answered(WAITING)).toEqual({ address: ADDRESS, token: "stint_x", person: ADA });
  });

  it.each([
    [[200, { status: "denied", token: null }], "connectDenied"],
    [[404, { detail: "gone" }], "connectOver"],
    [[409, { detail: "You have 100 tokens already." }], "You have 100 tokens already."],
  ] as const)("ends with %j", async (answer, why) => {
    serve(answer as unknown as [number, unknown]);
    await expect(answered(WAITING)).rejects.toThrow(why);
  });

  it.each([
    [401, { detail: "Sign in" }, "tokenRefused"],
    [200, { id: 1 }, "notStint"],
    [502, "<html>", "notStint"],
  ])("refuses a token at %i %j", async (status, body, why) => {
    serve([status, body]);
    await expect(byToken(ADDRESS, "stint_x")).rejects.toThrow(why);
  });
});
