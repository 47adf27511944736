/**
 * metadata.managedFields as managers by identity, and back. Source: k8s.io/apimachinery/pkg/util/managedfields,
 * internal/managedfields.go.
 */
import { compareBytes } from "../byte-order.ts";
import { stringifyJson } from "../json.ts";
import type { JsonObject, ManagedFieldsEntry } from "../object.ts";
import type { FieldSet } from "./field-set.ts";
import { canonicalJson, PathElementError } from "./path-element.ts";
import { readFieldSet, sharedSet } from "./read-field-set.ts";

export type Operation = "Apply" | "Update";

/** Who wrote something. Of an applier the version is no part: it has one entry, whatever version it applies in. */
export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  readonly subresource: string;
}

/** Somebody who owns fields. Immutable. */
export interface Manager extends ManagerIdentity {
  readonly fields: FieldSet;
  readonly time: string | undefined;
}

/** By identity. */
export type Managers = ReadonlyMap<string, Manager>;
export type ManagersBuilder = Map<string, Manager>;

export class ManagedFieldsError extends Error {
  override readonly name = "ManagedFieldsError";
}

/** The text that upstream sorts managers by: JSON without what is empty. */
export function identityText({ manager, operation, apiVersion, subresource }: ManagerIdentity): string {
  const name = manager === "" ? "" : `"manager":${canonicalJson(manager)},`;
  const version = operation === "Apply" ? "" : `,"apiVersion":${canonicalJson(apiVersion)}`;
  const part = subresource === "" ? "" : `,"subresource":${canonicalJson(subresource)}`;
  return `{${name}"operation":"${operation}"${version}${part}}`;
}

/** @throws ManagedFieldsError or PathElementError */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): ManagersBuilder {
  const managers: ManagersBuilder = new Map();
  entries?.forEach((entry, index) => {
    const { operation, apiVersion, fieldsType } = entry;
    if (operation !== "Apply" && operation !== "Update") {
      throw new ManagedFieldsError("operation must be `Apply` or `Update`");
    }
    if (!apiVersion) throw new ManagedFieldsError("apiVersion must not be empty");
    if (!fieldsType) throw new ManagedFieldsError(`missing fieldsType in managed fields entry ${index}`);
    if (fieldsType !== "FieldsV1") {
      throw new ManagedFieldsError(
        `invalid fieldsType ${stringifyJson(fieldsType)} in managed fields entry ${index}`,
      );
    }
    const manager = managerOf(entry, operation, apiVersion);
    managers.set(identityText(manager), manager);
  });
  return managers;
}

/**
 * What is wrong with a list that mutating admission left behind; the server then goes back to the list before it.
 * Source: ValidateManagedFields and NewManagedFieldsValidatingAdmissionController.
 */
export function managedFieldsProblem(entries: readonly ManagedFieldsEntry[] | undefined): string | undefined {
  try {
    readManagers(entries);
    return undefined;
  } catch (error) {
    if (error instanceof ManagedFieldsError || error instanceof PathElementError) return error.message;
    throw error;
  }
}

function managerOf(entry: ManagedFieldsEntry, operation: Operation, apiVersion: string): Manager {
  const { manager = "", subresource = "", time, fieldsV1 } = entry;
  return { manager, operation, apiVersion, subresource, time, fields: readFieldSet(fieldsV1) };
}

/** The list as it is stored. undefined: nobody owns anything. */
export function writeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers.values()].sort(compareManagers).map(entryOf);
}

function entryOf({ manager, operation, apiVersion, time, fields, subresource }: Manager): ManagedFieldsEntry {
  const entry: ManagedFieldsEntry = manager === "" ? { operation } : { manager, operation };
  entry.apiVersion = apiVersion;
  if (time !== undefined) entry.time = time;
  entry.fieldsType = "FieldsV1";
  entry.fieldsV1 = sharedSet(fields) as unknown as JsonObject;
  if (subresource !== "") entry.subresource = subresource;
  return entry;
}

/** Appliers first, then by age, in whole seconds. */
function compareManagers(a: Manager, b: Manager): number {
  if (a.operation !== b.operation) return a.operation < b.operation ? -1 : 1;
  return (
    (a.time === b.time ? 0 : seconds(a.time) - seconds(b.time)) ||
    compareBytes(a.manager, b.manager) ||
    compareBytes(a.apiVersion, b.apiVersion) ||
    compareBytes(a.subresource, b.subresource)
  );
}

export function seconds(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
}

/** The manager with other fields or another time. */
export function changed(manager: Manager, change: Partial<Pick<Manager, "fields" | "time">>): Manager {
  const { fields = manager.fields, time = manager.time } = change;
  if (fields === manager.fields && time === manager.time) return manager;
  return { ...manager, fields, time };
}
