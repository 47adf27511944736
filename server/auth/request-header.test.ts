import { expect, test } from "vitest";
import { requestHeaderAuthenticator } from "./request-header.ts";

const authenticator = requestHeaderAuthenticator({
  allowedNames: ["front-proxy"],
  usernameHeaders: ["X-First", "X-Remote-User"],
  uidHeaders: ["X-Remote-Uid"],
  groupHeaders: ["X-Remote-Group"],
  extraHeaderPrefixes: ["X-Remote-Extra-"],
});
const logIn = (headers: Record<string, string[]>, proxyName?: string) =>
  authenticator.authenticate({
    certificateRejected: false,
    headers,
    ...(proxyName === undefined ? {} : { proxyName }),
  });

const headers = {
  "x-first": [""],
  "x-remote-user": ["jane", "other"],
  "x-remote-uid": ["u"],
  "x-remote-group": ["a", "", "b"],
  "x-remote-extra-acme.com%2fproject": ["p", "q"],
  "x-remote-extra-%zz": ["r"],
};

test("a user is whom a proxy names", () => {
  expect(logIn(headers, "front-proxy")).toEqual({
    user: {
      name: "jane",
      uid: "u",
      groups: ["a", "b"],
      extra: { "acme.com/project": ["p", "q"], "%zz": ["r"] },
    },
  });
});

test("who is no proxy names nobody", () => {
  expect(logIn(headers)).toBeUndefined();
  expect(logIn(headers, "jane")).toEqual({
    problem: "x509: subject with cn=jane is not in the allowed list",
  });
});

test("a proxy may speak for itself", () => {
  expect(logIn({}, "front-proxy")).toBeUndefined();
});
