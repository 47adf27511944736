import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { outcomeOf } from "./outcome.ts";

async function outcomeOfScript(script: string) {
  const told: string[] = [];
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "pipe"] });
  const outcome = await outcomeOf("it", child, (line: string) => told.push(line));
  return { ...outcome, told };
}

const say = (...lines: string[]) => lines.map((line) => `console.log(${JSON.stringify(line)});`).join("");

test("a program's checks are counted and shown", async () => {
  const script = say("ok it: a", "FAILED it: b: why", "ok it: c", "end 3");
  expect(await outcomeOfScript(script)).toEqual({
    passed: 2,
    failed: 1,
    told: ["ok it: a", "FAILED it: b: why", "ok it: c"],
  });
});

test.each([
  ["that ends early", say("ok it: a")],
  ["that lost a check", say("ok it: a", "end 2")],
  ["without checks", say("end 0")],
  ["that crashes at last", `${say("ok it: a", "end 1")} process.exitCode = 3;`],
])("a program %s has failed", async (_, script) => {
  expect(await outcomeOfScript(script)).toMatchObject({ failed: 1 });
});

test("what a program says on standard error is shown where a check failed", async () => {
  const { told } = await outcomeOfScript(`console.error("trace"); ${say("FAILED it: a: why", "end 1")}`);
  expect(told.join("\n")).toContain("it! trace");
});
