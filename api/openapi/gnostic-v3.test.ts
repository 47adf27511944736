import { describe, expect, test } from "vitest";
import { finish } from "./document.ts";
import { encodeV3Document } from "./gnostic-v3.ts";

/** What a document says of its only schema, in hexadecimal. */
function schemaBytes(schema: object): string {
  const bytes = Buffer.from(finish(encodeV3Document({ components: { schemas: { a: schema } } })));
  // Before it: tag and length of the components, the schemas, the named one and the value, and the name.
  return bytes.subarray(4 * 2 + 3).toString("hex");
}

const hexOf = (text: string) => Buffer.from(text).toString("hex");

describe("a schema", () => {
  test("has its keywords under the numbers of OpenAPIv3.proto, in their order", () => {
    // Field 25 is the type, 34 the description, 1 nullable; all in the message of field 1 of the choice.
    expect(schemaBytes({ description: "d", type: "string", nullable: true })).toBe(
      `0a0f0801ca0106${hexOf("string")}920201${hexOf("d")}`,
    );
  });

  test("or is a reference", () => {
    expect(schemaBytes({ $ref: "#/x" })).toBe(`12050a03${hexOf("#/x")}`);
  });

  test.each([
    [0, "8a0209090000000000000000"],
    [false, "8a02021000"],
    ["", "8a02021a00"],
    [{}, "8a0200"],
  ])("keeps the default %j", (value, field) => {
    const hex = schemaBytes({ default: value });
    expect(hex.slice(4)).toBe(field);
  });

  test("says whether other properties may be there", () => {
    expect(schemaBytes({ additionalProperties: false }).slice(4)).toBe("8202021000");
    expect(schemaBytes({ additionalProperties: { type: "a" } }).slice(4)).toBe("8202080a060a04ca010161");
  });

  test("has its extensions as YAML", () => {
    expect(Buffer.from(schemaBytes({ "x-kubernetes-list-type": "map" }), "hex").toString()).toContain(
      "x-kubernetes-list-type\x12\x06\x12\x04map\n",
    );
  });
});

test("keys that have no place are left out, paths and codes have theirs", () => {
  const document = { paths: { "/a": { get: { responses: { 200: { description: "OK" } } } } }, unknown: 1 };
  expect(Buffer.from(finish(encodeV3Document(document))).toString("latin1")).toBe(
    '"\x1b\n\x19\n\x02/a\x12\x13"\x11B\x0f\x12\r\n\x03200\x12\x06\n\x04\x0a\x02OK',
  );
});
