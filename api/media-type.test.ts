import { expect, test } from "vitest";
import { bodyMediaType } from "./media-type.ts";

test.each([
  ["application/json", "application/json"],
  ["Application/JSON ; charset=utf-8", "application/json"],
  ["application/json;", "application/json"],
  ['application/json; a="b;c"; d=e', "application/json"],
  ["application/json; x", ""],
  ["application/json; a=", ""],
  ["application/json; a=b; A=c", ""],
  ["application/json; ;", ""],
  [";", ""],
])("the media type of %j", (header, type) => {
  expect(bodyMediaType(header)).toBe(type);
});
