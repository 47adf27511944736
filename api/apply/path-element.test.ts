import { describe, expect, test } from "vitest";
import {
  canonicalElement,
  compareElements,
  elementText,
  fieldElement,
  isCanonicalElement,
  PathElementError,
} from "./path-element.ts";

describe("path elements", () => {
  test.each([
    ["f:a", "f:a"],
    ["f:", "f:"],
    ['f:a"b.c', 'f:a"b.c'],
    ['k:{"name":"a"}', 'k:{"name":"a"}'],
    ['k:{ "port" : 80, "name":"a" }', 'k:{"name":"a","port":80}'],
    ['k:{"b":1,"a":2}', 'k:{"a":2,"b":1}'],
    ['k:{"name":"<a>"}', 'k:{"name":"\\u003ca\\u003e"}'],
    ["v: 1", "v:1"],
    ['v:"\\u0061"', 'v:"a"'],
    ["v:null", "v:null"],
    ["i:007", "i:7"],
    ["i:-1", "i:-1"],
    ["x:new", undefined],
  ])("the canonical form of %s is %s", (element, canonical) => {
    expect(canonicalElement(element)).toBe(canonical);
    expect(isCanonicalElement(element)).toBe(element === canonical);
  });

  test("are made of more names than are remembered", () => {
    const names = Array.from({ length: 3000 }, (_, index) => `name-${index}`);
    const elements = names.map((name) => `f:${name}`);
    expect(names.map(fieldElement)).toEqual(elements);
    expect(names.map(fieldElement)).toEqual(elements);
  });

  test.each([
    ["", "key must be 2 characters long:"],
    ["f", "key must be 2 characters long:"],
    ["name", "missing colon: name"],
    ["i:a", 'strconv.Atoi: parsing "a": invalid syntax'],
    ["k:[]", "expect { or n, but found ["],
    ["v:{", "invalid JSON in path element: v:{"],
  ])("%j is none", (element, message) => {
    expect(() => canonicalElement(element)).toThrow(PathElementError);
    expect(() => canonicalElement(element)).toThrow(message);
  });

  test.each([
    ["f:spec", ".spec"],
    ['k:{"containerPort":80,"protocol":"TCP"}', '[containerPort=80,protocol="TCP"]'],
    ['v:"a\\nb"', '[="a\\nb"]'],
    ["v:1.5", "[=1.5]"],
    ["v:true", "[=true]"],
    ["v:null", "[=null]"],
    ["i:3", "[3]"],
  ])("%s reads %s", (element, text) => {
    expect(elementText(element)).toBe(text);
  });

  test("fields come before keys, values and indices, each in the order of what they stand for", () => {
    const inOrder = [
      ".",
      "f:",
      "f:B",
      "f:a",
      "f:\uffff",
      "f:\u{1f600}",
      'k:{"a":1}',
      'k:{"a":"1"}',
      'k:{"name":"a","port":80}',
      'k:{"name":"a","port":443}',
      'k:{"name":"a","port":8080}',
      'k:{"name":"a b"}',
      'k:{"name":"ab"}',
      'k:{"port":80,"protocol":"TCP"}',
      'k:{"port":80,"protocol":"UDP"}',
      'k:{"port":443,"protocol":"TCP"}',
      "v:2",
      "v:10",
      'v:"10"',
      'v:"2"',
      "v:false",
      "v:true",
      "v:[1]",
      "v:[1,2]",
      'v:{"a":1}',
      "v:null",
      "i:2",
      "i:10",
    ];
    for (const [index, element] of inOrder.entries()) {
      for (const other of inOrder.slice(index + 1)) {
        expect.soft(compareElements(element, other), `${element} before ${other}`).toBeLessThan(0);
        expect.soft(compareElements(other, element), `${other} after ${element}`).toBeGreaterThan(0);
      }
      expect(compareElements(element, element)).toBe(0);
    }
  });
});
