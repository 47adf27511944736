import { beforeAll, describe, expect, test } from "vitest";
import { defaultFeatureGates } from "../feature-gates.ts";
import { type CelCompilers, loadCelCompilers } from "./compilers.ts";
import answers from "./fixtures/answers.json" with { type: "json" };

let celCompilers: CelCompilers;
beforeAll(async () => {
  celCompilers = await loadCelCompilers();
});

const question = { hasParams: true, hasAuthorizer: true, stored: false } as const;

/** What cel-go says in the same place: conformance/upstream/cel writes the file. */
describe("an expression that cannot be compiled is refused in the words of upstream", () => {
  test.each(Object.entries(answers.admission))("condition: %s", (expression, answer) => {
    const problem = celCompilers.admission().check({ ...question, expression, returns: "bool" });
    expect(problem?.detail ?? "").toBe(answer);
  });

  test.each(Object.entries(answers.device))("device: %s", (expression, answer) => {
    const problem = celCompilers
      .device(defaultFeatureGates())
      .check({ ...question, expression, returns: "bool" });
    expect(problem?.detail ?? "").toBe(answer);
  });
});

describe("variables", () => {
  const ask = (expression: string) => ({ ...question, expression, returns: "any" as const });

  test("are unknown where none are declared", () => {
    expect(celCompilers.admission().check(ask("variables.a"))?.detail).toMatch(
      "undeclared reference to 'variables' (in container '')",
    );
  });

  test("are known to expressions after them, by their types", () => {
    const compiler = celCompilers.admission({ composes: true });
    expect(compiler.check(ask("variables.a"))?.detail).toMatch("undefined field 'a'");
    expect(compiler.declare("a", ask("1"))).toBeUndefined();
    expect(compiler.declare("b", ask("variables.a + 1"))).toBeUndefined();
    expect(compiler.check(ask("variables.b + 'x'"))?.detail).toMatch(
      "found no matching overload for '_+_' applied to '(int, string)'",
    );
  });

  test("of a type that has no name outside the expression are dynamic", () => {
    const compiler = celCompilers.admission({ composes: true });
    compiler.declare("q", ask("quantity('1')"));
    expect(compiler.check(ask("variables.q.nothing + 1"))).toBeUndefined();
  });
});

test("mutations are made of Object and JSONPatch", () => {
  const check = (expression: string, returns: "object" | "jsonPatch") =>
    celCompilers.admission().check({ ...question, expression, returns, hasPatchTypes: true })?.detail;
  expect(check("Object{spec: Object.spec{replicas: 3}}", "object")).toBeUndefined();
  expect(check("Object{spec: Other{}}", "object")).toMatch("undeclared reference to 'Other'");
  expect(check("1", "object")).toBe("must evaluate to Object but got int");
  const patch = "[JSONPatch{op: 'add', path: '/metadata/labels', value: {}}]";
  expect(check(patch, "jsonPatch")).toBeUndefined();
  expect(check(patch, "object")).toBe("must evaluate to Object but got list(JSONPatch)");
});
