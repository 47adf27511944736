/** How values of flags are read. */
import { readFile } from "node:fs/promises";
import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../api/time.ts";
import { UsageError } from "./cluster-options.ts";

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65535) throw new InvalidArgumentError("It must be at most 65535.");
  return port;
}

/** "true" and "false", as Go's flags take them. */
export function flagBoolean(text: string): boolean {
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  throw new InvalidArgumentError("It must be true or false.");
}

/** --name or --name=BOOL. */
export const booleanFlag = (name: string, description: string): Option =>
  new Option(`--${name} [bool]`, description).argParser(flagBoolean);

/** 1m30s, as Go's flags take durations. */
export function milliseconds(text: string): number {
  try {
    return Number(parseDuration(text)) / 1e6;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Several occurrences of a flag add up, as kube-apiserver's map flags do. */
export function joined(value: string, previous?: string): string {
  return previous === undefined ? value : `${previous},${value}`;
}

/** Several occurrences of a flag add up, as kube-apiserver's list flags do. */
export const listed = (value: string, previous: readonly string[] = []): string[] => [
  ...previous,
  ...value.split(",").filter((name) => name !== ""),
];

/** Each occurrence is one item, commas and all. */
export const repeated = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

/** key=value; several occurrences add up. */
export function pairs(text: string, previous: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 0) throw new InvalidArgumentError("malformed pair, expect string=string");
  return { ...previous, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

/** Without what is undefined. */
export function present<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** A flag's file; one clear line where it cannot be read. */
export async function readFlagFile(flag: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`${flag}: cannot read ${path}: ${(error as Error).message}`);
  }
}
