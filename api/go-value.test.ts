import { describe, expect, it } from "vitest";
import {
  goBoolean,
  goInline,
  goMap,
  goMeta,
  goNullable,
  goNumber,
  goPointer,
  goPrettyJson,
  goString,
  goValue,
} from "./go-value.ts";

const inner = { Name: goString("name"), Count: goNumber("count") };
const outer = {
  Flag: goBoolean("flag"),
  Ref: goPointer("ref", inner),
  Refs: goPointer("refs", inner),
  Own: goInline("own", inner),
  Labels: goMap("labels"),
  Text: goNullable("text"),
};

describe("goValue", () => {
  it("prints every field of the Go struct, whatever is set", () => {
    expect(JSON.stringify(goValue(outer, {}))).toBe(
      '{"Flag":false,"Ref":null,"Refs":null,"Own":{"Name":"","Count":0},"Labels":null,"Text":null}',
    );
  });

  it("prints structs below pointers and in lists, and maps in the order of their keys", () => {
    const value = {
      labels: { b: "1", a: "2" },
      ref: { name: "x" },
      refs: [{ count: 3 }],
      own: { name: "y" },
      unknown: 1,
    };
    expect(JSON.stringify(goValue(outer, value))).toBe(
      '{"Flag":false,"Ref":{"Name":"x","Count":0},"Refs":[{"Name":"","Count":3}],"Own":{"Name":"y","Count":0},"Labels":{"a":"2","b":"1"},"Text":null}',
    );
  });

  it("tells an empty list from none, but not inside values of meta/v1, which have JSON tags", () => {
    const layout = { Texts: goNullable("texts"), Selector: goMeta("selector", "LabelSelector") };
    const value = { texts: [], selector: { matchLabels: {}, matchExpressions: [] } };
    expect(goValue(layout, value)).toEqual({ Texts: [], Selector: {} });
  });

  it("does not take inherited members for fields", () => {
    expect(goValue({ Constructor: goNullable("constructor") }, {})).toEqual({ Constructor: null });
  });
});

describe("goPrettyJson", () => {
  it("indents by one space and escapes what HTML would read", () => {
    expect(goPrettyJson({ A: ["<&>"], B: {}, C: [], D: null })).toBe(
      ["{", ' "A": [', '  "\\u003c\\u0026\\u003e"', " ],", ' "B": {},', ' "C": [],', ' "D": null', "}"].join(
        "\n",
      ),
    );
  });
});
