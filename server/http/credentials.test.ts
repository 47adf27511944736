import { expect, test } from "vitest";
import { bearerToken } from "./credentials.ts";

function read(header: string | undefined): { token: string | undefined; warnings: string[] } {
  const warnings: string[] = [];
  return { token: bearerToken(header, (message) => warnings.push(message)), warnings };
}

test("a bearer token follows its scheme after one space", () => {
  expect(read(" bEARER abc more ")).toEqual({ token: "abc", warnings: [] });
  for (const header of [undefined, "", "Bearer", "Basic YTpi"])
    expect(read(header)).toEqual({ token: undefined, warnings: [] });
});

test("more space is warned of", () => {
  expect(read("Bearer  abc")).toEqual({
    token: undefined,
    warnings: [
      "the provided Authorization header contains extra space before the bearer token, and is ignored",
    ],
  });
});
