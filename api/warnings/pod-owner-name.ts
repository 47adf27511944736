import { checkDns1123Label } from "../validation/names.ts";

/** Of kinds whose name becomes part of their pods' names. */
export function podOwnerNameWarnings(name = ""): string[] {
  const problems = checkDns1123Label(name);
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
  ];
}
