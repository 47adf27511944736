import { describe, expect, test } from "vitest";
import { customFieldLabels, fieldLabels } from "./field-labels.ts";
import { parseFieldSelector } from "./field-selectors.ts";
import { labelSelectorOf, parseLabelSelector } from "./selectors.ts";

describe("label selectors", () => {
  test.each([
    ["", {}, true],
    ["x=a", { x: "a" }, true],
    ["x==a", { x: "b" }, false],
    ["x!=a", {}, true],
    ["x!=a", { x: "a" }, false],
    ["x=", { x: "" }, true],
    ["x", { x: "" }, true],
    ["!x", { x: "" }, false],
    ["! x,y", { y: "" }, true],
    ["x in (a,b)", { x: "b" }, true],
    ["x notin (a,b)", {}, true],
    ["x notin (a,b)", { x: "a" }, false],
    ["x in ()", { x: "" }, true],
    ["in in (notin)", { in: "notin" }, true],
    ["x>1", { x: "2" }, true],
    ["x>1", { x: "1" }, false],
    ["x<9223372036854775807", { x: "9223372036854775806" }, true],
    ["x<5", {}, false],
    ["x<5", { x: "old" }, false],
    ["toString", {}, false],
    ["!toString", {}, true],
  ])("%s against %j matches: %s", (selector, labels, expected) => {
    expect(parseLabelSelector(selector).matches(labels as Record<string, string>)).toBe(expected);
  });

  test.each([
    ["b=1, a", "a,b=1"],
    ["x in (c,,a,a)", "x in (,a,c)"],
    ["x notin (a)", "x notin (a)"],
    ["!z,y>3,w<4,v==a,u!=b", "u!=b,v==a,w<4,y>3,!z"],
    ["\tx\n=\r\ta ", "x=a"],
    ["x in (,)", "x in ()"],
    ["x in (a,)", "x in (,a)"],
  ])("the canonical text of %j is %j", (text, canonical) => {
    expect(String(parseLabelSelector(text))).toBe(canonical);
  });

  const name =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

  test.each([
    [
      "x=a||y=b",
      /^unable to parse requirement: values\[0\]\[x\]: Invalid value: "a\|\|y": a valid label must be/,
    ],
    ["x==a==b", "found '==', expected: ',' or 'end of string'"],
    ["!x=a", "found '=', expected: ',' or 'end of string'"],
    ["!x in (a)", "found 'in', expected: ',' or 'end of string'"],
    [",a", "found ',', expected: !, identifier, or 'end of string'"],
    ["a,", "found '', expected: identifier after ','"],
    ["a,,b", "found ',', expected: identifier after ','"],
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["a in b", "unable to parse requirement: found 'b' expected: '('"],
    ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["a in (=)", "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
    ["a in (b,=)", "unable to parse requirement: found '=', expected: ',', or identifier"],
    ["a=(", "unable to parse requirement: found '(', expected: identifier"],
    ["!", "unable to parse requirement: found '', expected: identifier"],
    [
      "a>b",
      `unable to parse requirement: values[0]: Invalid value: "b": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    ["-a", `unable to parse requirement: <nil>: Invalid value: "-a": ${name}`],
    ["/a", `unable to parse requirement: <nil>: Invalid value: "/a": prefix part must be non-empty`],
    [
      `${"a".repeat(64)}`,
      `unable to parse requirement: <nil>: Invalid value: "${"a".repeat(64)}": name part must be no more than 63 bytes`,
    ],
  ])("%j is refused", (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message);
  });

  test("an absent LabelSelector object selects nothing, an empty one everything", () => {
    expect(labelSelectorOf(undefined).matches({})).toBe(false);
    expect(labelSelectorOf({}).matches(undefined)).toBe(true);
  });

  test("all parts of a LabelSelector object must hold", () => {
    const selector = labelSelectorOf({
      matchLabels: { app: "web" },
      matchExpressions: [
        { key: "tier", operator: "In", values: ["a", "b"] },
        { key: "old", operator: "DoesNotExist" },
      ],
    });
    expect(String(selector)).toBe("app=web,!old,tier in (a,b)");
    expect(selector.matches({ app: "web", tier: "b" })).toBe(true);
    expect(selector.matches({ app: "web", tier: "b", old: "" })).toBe(false);
    expect(selector.exactMatch("app")).toBe("web");
  });

  test("an object with a wrong operator or values is refused", () => {
    const refuse = (operator: string, values: string[]) => () =>
      labelSelectorOf({ matchExpressions: [{ key: "a", operator, values }] });
    expect(refuse("in", ["a"])).toThrow('"in" is not a valid label selector operator');
    expect(refuse("In", [])).toThrow(
      "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    );
    expect(refuse("Exists", ["a"])).toThrow("values set must be empty for exists and does not exist");
  });
});

describe("field selectors", () => {
  const object: Record<string, string> = { "metadata.name": "a", "spec.x": "1,2=\\" };
  const matches = (text: string) => parseFieldSelector(text).matches((field) => object[field]);

  test.each([
    ["", true],
    ["metadata.name=a", true],
    ["metadata.name==a", true],
    ["metadata.name!=a", false],
    ["metadata.name=a,missing=", true],
    ["missing!=", false],
    ["spec.x=1\\,2\\=\\\\", true],
    [",metadata.name=a,", true],
  ])("%j matches: %s", (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  test.each([
    ["a", "invalid selector: 'a'; can't understand 'a'"],
    ["a=b,c", "invalid selector: 'a=b,c'; can't understand 'c'"],
    ["a=b=c", "invalid field selector: unescaped character in value: 61"],
    ["a=\\b", "invalid field selector: invalid escape sequence: \\b"],
    ["a=b\\", "invalid field selector: invalid escape sequence: \\"],
  ])("%j is refused", (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(message);
  });

  test("the text is sorted, normalised and escaped so that it parses to the same selector", () => {
    const text = String(parseFieldSelector("b==x\\,y,a!=1\\=2"));
    expect(text).toBe("a!=1\\=2,b=x\\,y");
    expect(String(parseFieldSelector(text))).toBe(text);
  });

  test("a kind names the fields it supports", () => {
    const pod = fieldLabels({ group: "", version: "v1", kind: "Pod" });
    expect(String(parseFieldSelector("spec.host=n").transform(pod))).toBe("spec.nodeName=n");
    expect(() => parseFieldSelector("x=1").transform(pod)).toThrow("field label not supported: x");
    const configMap = fieldLabels({ group: "", version: "v1", kind: "ConfigMap" });
    expect(() => parseFieldSelector("data=1").transform(configMap)).toThrow(
      '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    const job = fieldLabels({ group: "batch", version: "v1", kind: "Job" });
    expect(() => parseFieldSelector("x=1").transform(job)).toThrow('field label "x" not supported for Job');
  });

  test("a cluster-scoped custom resource has no namespace to select by", () => {
    const custom = customFieldLabels(false, ["spec.color"]);
    expect(String(parseFieldSelector("spec.color=red").transform(custom))).toBe("spec.color=red");
    expect(() => parseFieldSelector("metadata.namespace=a").transform(custom)).toThrow(
      "field label not supported: metadata.namespace",
    );
  });

  test("a requirement transformed to nothing is dropped", () => {
    expect(parseFieldSelector("a=1").transform(() => ["", ""]).empty).toBe(true);
  });
});
