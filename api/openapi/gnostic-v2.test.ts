import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { DocumentV2 } from "./document.ts";
import { encodeV2Document } from "./gnostic-v2.ts";
import type { Schema } from "./schema.ts";

/** A message as lists of its fields' contents, by number. */
type Message = Map<number, (Buffer | number)[]>;

function decode(bytes: Buffer): Message {
  const message: Message = new Map();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const values = message.get(number) ?? [];
    message.set(number, values);
    if (key % 8 === 0) values.push(varint());
    else {
      const length = key % 8 === 1 ? 8 : varint();
      values.push(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return message;
}

/** Follows field numbers into nested messages, always to the first of several. */
function find(bytes: Buffer, ...path: number[]): Buffer | number | undefined {
  const [number = 0, ...rest] = path;
  const value = decode(bytes).get(number)?.[0];
  return rest.length > 0 && Buffer.isBuffer(value) ? find(value, ...rest) : value;
}

const encode = (document: Partial<DocumentV2>): Buffer =>
  Buffer.concat([
    ...encodeV2Document(
      { paths: new Map(), definitions: new Map(), parameters: new Map(), ...document },
      { info: { title: "Kubernetes", version: "1.36" }, cbor: false },
    ),
  ]);

/** The message of a definition. */
function encodeSchema(schema: Schema): Buffer {
  return find(encode({ definitions: new Map([["a", schema]]) }), 9, 1, 2) as Buffer;
}

describe("a schema", () => {
  test("has its keywords under the numbers of OpenAPIv2.proto", () => {
    const bytes = encodeSchema({
      description: "text",
      type: "object",
      required: ["b", "a"],
      properties: {
        a: { $ref: "#/definitions/b" },
        b: { type: "array", items: { type: "string", maxLength: 300 } },
      },
    });
    const fields = decode(bytes);
    expect(String(fields.get(4)?.[0])).toBe("text");
    expect(fields.get(19)?.map(String)).toEqual(["b", "a"]);
    expect(String(find(bytes, 22, 1))).toBe("object");
    const [first, second] = decode(find(bytes, 25) as Buffer).get(1) as Buffer[];
    expect(String(find(first as Buffer, 2, 1))).toBe("#/definitions/b");
    expect(find(second as Buffer, 2, 23, 1, 11)).toBe(300);
  });

  test("writes numbers as doubles", () => {
    expect((find(encodeSchema({ maximum: 2.5 }), 7) as Buffer).readDoubleLE()).toBe(2.5);
    expect(decode(encodeSchema({ maximum: 0, uniqueItems: false })).size).toBe(0);
  });

  test.each([
    ["x-kubernetes-list-type", "map"],
    ["x-kubernetes-list-map-keys", ["port", "protocol"]],
    ["x-kubernetes-patch-strategy", "merge,retainKeys"],
    ["x-kubernetes-group-version-kind", [{ group: "", kind: "Pod", version: "v1" }]],
    ["x-kubernetes-unions", [{ discriminator: "type", "fields-to-discriminateBy": { a: "A" } }]],
    ["x-kubernetes-validations", [{ rule: "self.x > 1 && 'it\\'s' != \"\\n\"", message: "no: it's not" }]],
    ["x-a", ["true", "no", "12", "", "*", " ", "é", { b: [], c: {} }, true, 3]],
  ])("holds %s as YAML", (name, value) => {
    const extension = find(encodeSchema({ [name]: value } as Schema), 31) as Buffer;
    expect(String(find(extension, 1))).toBe(name);
    expect(parse(String(find(extension, 2, 2)))).toEqual(value);
  });

  test("writes plain YAML as upstream does", () => {
    const value = [{ group: "", kind: "Pod", version: "v1" }];
    const bytes = encodeSchema({ "x-kubernetes-group-version-kind": value });
    expect(String(find(bytes, 31, 2, 2))).toBe('- group: ""\n  kind: Pod\n  version: v1\n');
    expect(String(find(encodeSchema({ enum: ["*"] }), 20, 2))).toBe("'*'\n");
  });
});

test("an operation has its parameters, answers and extensions", () => {
  const bytes = encode({
    paths: new Map([
      [
        "/a",
        {
          get: {
            ...{ schemes: ["https"], tags: ["t"], operationId: "getA", "x-kubernetes-action": "get" },
            parameters: [
              { name: "q", in: "query", type: "string", uniqueItems: true },
              { $ref: "#/parameters/p" },
              { name: "body", in: "body", required: true, schema: { $ref: "#/definitions/b" } },
            ],
            responses: {
              "200": { description: "OK", schema: { type: "string" } },
              "401": { description: "no" },
            },
          },
        },
      ],
    ]),
  });
  const item = find(bytes, 8, 2) as Buffer;
  expect(String(find(item, 1))).toBe("/a");
  const operation = find(item, 2, 2) as Buffer;
  const [query, reference, body] = decode(operation).get(8) as Buffer[];
  expect(String(find(query as Buffer, 1, 2, 3, 4))).toBe("q");
  expect(find(query as Buffer, 1, 2, 3, 20)).toBe(1);
  expect(String(find(reference as Buffer, 2, 1))).toBe("#/parameters/p");
  expect(String(find(body as Buffer, 1, 1, 5, 1))).toBe("#/definitions/b");
  expect(String(find(operation, 9, 1, 2, 1, 2, 1, 22, 1))).toBe("string");
  expect(String(find(operation, 13, 2, 2))).toBe("get\n");
});
