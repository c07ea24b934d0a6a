import { describe, expect, it } from "vitest";
import { addDays, daysOf, weekOf, Zone } from "../src/zone";

const at = (text: string) => Date.parse(text);

describe("Zone", () => {
  it.each([
    ["Europe/Berlin", "2026-11-25", "09:05", "2026-11-25T08:05:00Z"],
    ["America/Anchorage", "2026-11-25", "00:00", "2026-11-25T09:00:00Z"],
    ["Asia/Kolkata", "2026-07-01", "23:59", "2026-07-01T18:29:00Z"],
    ["Pacific/Kiritimati", "2026-01-01", "00:30", "2025-12-31T10:30:00Z"],
    ["UTC", "2026-02-28", "12:00", "2026-02-28T12:00:00Z"],
  ])("%s: %s %s is one instant, there and back", (name, day, clock, instant) => {
    const zone = new Zone(name);
    expect(zone.instant(day, clock)).toBe(at(instant));
    expect([zone.day(at(instant)), zone.clock(at(instant))]).toEqual([day, clock]);
  });

  it("knows no time that clocks skip", () => {
    const zone = new Zone("Europe/Berlin");
    expect(zone.instant("2026-03-29", "02:30")).toBeNull();
    expect(zone.instant("2026-03-29", "03:00")).toBe(at("2026-03-29T01:00:00Z"));
    expect(zone.instant("2026-03-29", "01:59")).toBe(at("2026-03-29T00:59:00Z"));
  });

  it("takes the first of a time that comes twice", () => {
    expect(new Zone("Europe/Berlin").instant("2026-10-25", "02:30")).toBe(at("2026-10-25T00:30:00Z"));
  });

  it("reads nothing into what is no time", () => {
    expect(new Zone("UTC").instant("2026-11-25", "")).toBeNull();
    expect(new Zone("UTC").instant("", "09:00")).toBeNull();
  });

  it("ends a late shift on the next day, and nothing longer than twelve hours", () => {
    const zone = new Zone("UTC");
    const start = at("2026-11-25T22:00:00Z");
    expect(zone.ending(start, "23:00")).toBe(at("2026-11-25T23:00:00Z"));
    expect(zone.ending(start, "06:00")).toBe(at("2026-11-26T06:00:00Z"));
    expect(zone.ending(start, "21:00")).toBeNull();
    expect(zone.ending(start, "21:00", true)).toBe(at("2026-11-26T21:00:00Z"));
  });
});

describe("days", () => {
  it("begin a week where the organisation does", () => {
    expect(weekOf("2026-11-25", 1)).toBe("2026-11-23");
    expect(weekOf("2026-11-22", 1)).toBe("2026-11-16");
    expect(weekOf("2026-11-22", 0)).toBe("2026-11-22");
    expect(weekOf("2026-11-25", 6)).toBe("2026-11-21");
  });

  it("go on across months and years", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(daysOf("2026-11-30").at(-1)).toBe("2026-12-06");
  });
});
