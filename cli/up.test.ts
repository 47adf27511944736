import { expect, test } from "vitest";
import { upCommand } from "./up.ts";

test("each flag is taken once, and said in the help", () => {
  const help = upCommand(() => {}).helpInformation();
  expect(help).toContain("--service-account-issuer <url>");
});
