import { describe, expect, it } from "vitest";
import { duration, serverAhead, uuid7 } from "../src/clock";

describe("duration", () => {
  it.each([
    [0, "0:00:00"],
    [999, "0:00:00"],
    [61_000, "0:01:01"],
    [36_000_000 + 59_000, "10:00:59"],
    [-5000, "0:00:00"],
  ])("says %i milliseconds as %s", (given, said) => expect(duration(given)).toBe(said));
});

describe("serverAhead", () => {
  it("tells by how much this device's clock is behind", () => {
    expect(serverAhead("2026-11-23T09:00:10Z", Date.parse("2026-11-23T09:00:07Z"))).toBe(3000);
  });
});

describe("uuid7", () => {
  it("is a version 7 UUID that holds its time", () => {
    const id = uuid7(Date.parse("2026-11-23T09:00:00Z"));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.parse("2026-11-23T09:00:00Z"));
  });

  it("sorts by time and does not repeat", () => {
    expect(uuid7(1000) < uuid7(2000)).toBe(true);
    expect(uuid7(1000)).not.toBe(uuid7(1000));
  });
});
