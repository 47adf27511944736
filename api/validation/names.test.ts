import { describe, expect, test } from "vitest";
import {
  checkConfigMapKey,
  checkDns1035Label,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkEnvVarName,
  checkLabelValue,
  checkPathSegmentName,
  checkPercent,
  checkPortName,
  checkPortNumber,
  checkQualifiedName,
  checkRelaxedEnvVarName,
  nameIsDnsSubdomain,
} from "./names.ts";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

describe("names are checked in upstream's words", () => {
  test.each<[string, (value: string) => readonly string[], string, string[]]>([
    ["a label", checkDns1123Label, "web-1", []],
    ["a label with dots", checkDns1123Label, "web.1", ["must not contain dots"]],
    [
      "a label that is no name at all",
      checkDns1123Label,
      "Web_1",
      [
        `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`,
      ],
    ],
    ["a long label", checkDns1123Label, "a".repeat(64), ["must be no more than 63 characters"]],
    ["a subdomain", checkDns1123Subdomain, "a.b-c.d", []],
    [
      "an empty subdomain",
      checkDns1123Subdomain,
      "",
      [
        `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${label}(\\.${label})*')`,
      ],
    ],
    [
      "a subdomain of many bytes in few characters",
      checkDns1123Subdomain,
      "é".repeat(130),
      ["must be no more than 253 characters", expect.stringContaining("RFC 1123 subdomain") as string],
    ],
    [
      "a service name that starts with a digit",
      checkDns1035Label,
      "1a",
      [expect.stringContaining("DNS-1035 label") as string],
    ],
    ["a label key", checkQualifiedName, "example.com/My.Name", []],
    [
      "a label key without a name",
      checkQualifiedName,
      "example.com/",
      ["name part must be non-empty", expect.stringContaining("name part must consist of") as string],
    ],
    ["a label key without a prefix", checkQualifiedName, "/x", ["prefix part must be non-empty"]],
    [
      "a label key of three parts",
      checkQualifiedName,
      "a/b/c",
      [
        expect.stringMatching(
          /^a valid label key must consist .* with an optional DNS subdomain prefix and '\/' \(e\.g\. 'example\.com\/MyName'\)$/,
        ) as string,
      ],
    ],
    [
      "a long label key, counted in bytes",
      checkQualifiedName,
      "a".repeat(64),
      ["name part must be no more than 63 bytes"],
    ],
    ["an empty label value", checkLabelValue, "", []],
    ["a long label value", checkLabelValue, "a".repeat(64), ["must be no more than 63 bytes"]],
    ["a port name", checkPortName, "http-2", []],
    [
      "a port name that breaks every rule",
      checkPortName,
      "--1234567890123-A-",
      [
        "must be no more than 15 characters",
        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
        "must contain at least one letter (a-z)",
        "must not contain consecutive hyphens",
        "must not begin or end with a hyphen",
      ],
    ],
    ["a percentage", checkPercent, "93%", []],
    [
      "a fraction",
      checkPercent,
      "1.5%",
      [
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ],
    ],
    ["a variable that starts with two dots", checkEnvVarName, "..a", ["must not start with '..'"]],
    ["a relaxed variable", checkRelaxedEnvVarName, "a b!", []],
    [
      "a relaxed variable with an equals sign",
      checkRelaxedEnvVarName,
      "a=b",
      ["a valid environment variable name must consist only of printable ASCII characters other than '='"],
    ],
    ["a key that is a folder", checkConfigMapKey, "..", ["must not be '..'"]],
    ["a path segment", checkPathSegmentName, "a:b", []],
    ["a path of two segments", checkPathSegmentName, "a/b%", ["may not contain '/'", "may not contain '%'"]],
    ["a path segment that is the folder itself", checkPathSegmentName, ".", ["may not be '.'"]],
  ])("%s", (_, check, value, problems) => {
    expect(check(value)).toEqual(problems);
  });

  test("ports go from 1 to 65535", () => {
    expect(checkPortNumber(0)).toEqual(["must be between 1 and 65535, inclusive"]);
    expect(checkPortNumber(65536)).toEqual(["must be between 1 and 65535, inclusive"]);
    expect(checkPortNumber(65535)).toEqual([]);
  });

  test("a prefix of a generated name may end with a dash", () => {
    expect(nameIsDnsSubdomain("web-", true)).toEqual([]);
    expect(nameIsDnsSubdomain("web-", false)).toHaveLength(1);
  });

  test("a name of many repeated parts is refused as fast as it is read", () => {
    const bad = `${"a-.".repeat(200_000)}!`;
    for (const check of [checkDns1123Label, checkDns1123Subdomain, checkQualifiedName, checkLabelValue]) {
      expect(check(bad).length).toBeGreaterThan(0);
    }
  });
});
