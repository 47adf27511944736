import { expect, test } from "vitest";
import { isLatestImage } from "./image-reference.ts";

const digest = `sha256:${"0".repeat(64)}`;

test.each([
  ["nginx", true],
  ["nginx:latest", true],
  ["nginx:1.27", false],
  [`nginx@${digest}`, false],
  [`nginx:latest@${digest}`, true],
  ["localhost:5000/nginx", true],
  ["localhost:5000/nginx:1", false],
  ["registry.example.com/Team/nginx", false],
  ["REGISTRY/nginx", true],
  ["nginx:", false],
  ["nginx@sha256:0", false],
  ["", false],
  ["a b", false],
  ["0".repeat(64).replaceAll("0", "a"), false],
  ["[::1]:5000/nginx", true],
])("%s means latest: %s", (image, latest) => {
  expect(isLatestImage(image)).toBe(latest);
});
