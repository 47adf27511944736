import { expect, test } from "vitest";
import { allowMasters, alwaysDeny } from "./authorizer.ts";

test("where everything is denied, system:masters may still do everything", () => {
  const { authorize } = allowMasters(alwaysDeny);
  const asked = (groups: string[]) => authorize({ user: { name: "u", groups }, verb: "get", path: "/" });
  expect(asked(["system:authenticated", "system:masters"])).toEqual({ allowed: true });
  expect(asked(["system:authenticated"])).toMatchObject({ allowed: false });
});
