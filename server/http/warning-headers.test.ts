import { describe, expect, it } from "vitest";
import { warningHeaders } from "./warning-headers.ts";

/** As a client that takes headers for UTF-8 reads it. */
const read = (headers: readonly string[]) => headers.map((one) => Buffer.from(one, "latin1").toString());

describe("warningHeaders", () => {
  it("quotes texts and keeps their order", () => {
    expect(warningHeaders(["a", 'say "b\\"'])).toEqual(['299 - "a"', '299 - "say \\"b\\\\\\""']);
  });

  it("sends characters beyond Latin 1 as UTF-8", () => {
    const headers = warningHeaders(['unknown field "漢é"']);
    expect(read(headers)).toEqual(['299 - "unknown field \\"漢é\\""']);
    expect(/^[\x20-\xff]*$/.test(headers.join(""))).toBe(true);
  });

  it.each(["a\nb", "a\u0000", "\u007f", "\u0085"])("leaves out %j, which no header can carry", (text) => {
    expect(warningHeaders([text, "other"])).toEqual(['299 - "other"']);
  });

  it("leaves texts whole as long as they have 4096 characters together", () => {
    const texts = ["a".repeat(4000), "b".repeat(96)];
    expect(warningHeaders(texts)).toEqual(texts.map((text) => `299 - "${text}"`));
  });

  it("cuts each to 256 characters beyond that, and drops what still does not fit", () => {
    const texts = Array.from({ length: 30 }, (_, i) => String(i).padStart(2, "0").padEnd(300, "ü"));
    const headers = read(warningHeaders(texts));
    expect(headers).toHaveLength(16);
    expect(headers[0]).toBe(`299 - "00${"ü".repeat(254)}"`);
  });
});
