import { expect, test } from "vitest";
import { words } from "./session.ts";

test("quotes hold words together, wherever they stand in one", () => {
  expect(words(`patch pod p -p '{"a":"b c"}' --from-literal=c='d e' -o jsonpath="{.a b}" ''`)).toEqual([
    "patch",
    "pod",
    "p",
    "-p",
    '{"a":"b c"}',
    "--from-literal=c=d e",
    "-o",
    "jsonpath={.a b}",
    "",
  ]);
});
