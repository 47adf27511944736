import { expect, test } from "vitest";
import { bearerToken, webSocketToken } from "./credentials.ts";

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

const offer = (protocols: string) =>
  webSocketToken({
    ...{ upgrade: "WebSocket", connection: "keep-alive, Upgrade" },
    "sec-websocket-protocol": protocols,
  });
const prefix = "base64url.bearer.authorization.k8s.io.";

test("a WebSocket may bring its token as a protocol beside another", () => {
  expect(offer(`${prefix}YWJj, v5.channel.k8s.io`)).toBe("abc");
  expect(offer("v5.channel.k8s.io")).toBeUndefined();
  expect(webSocketToken({ "sec-websocket-protocol": `${prefix}YWJj, b` })).toBeUndefined();
});

test.each([`${prefix}YWJj`, `${prefix}YWJj,${prefix}YWJj,b`, `${prefix}Y*Jj,b`, `${prefix}_w,b`])(
  "protocols %s bring no token that anybody knows",
  (protocols) => {
    expect(offer(protocols)).toBe("");
  },
);
