/**
 * The options of API verbs as query parameters carry them, decoded and validated as
 * k8s.io/apimachinery/pkg/apis/meta/v1 (conversion and validation) does.
 */
import { type FieldSelector, parseFieldSelector } from "./field-selectors.ts";
import { goQuote } from "./go-format.ts";
import { type LabelSelector, parseLabelSelector, SelectorError } from "./selectors.ts";
import { badRequest, invalid } from "./status.ts";
import {
  type FieldError,
  FieldPath,
  forbidden,
  invalid as invalidField,
  notSupported,
  required,
} from "./validation/field.ts";
import { validateFieldManager } from "./validation/object-meta.ts";

export type FieldValidation = "Ignore" | "Warn" | "Strict";

export interface WriteOptions {
  dryRun: boolean;
  fieldManager: string;
  fieldValidation: FieldValidation;
}

export interface PatchOptions extends WriteOptions {
  force: boolean | undefined;
}

export interface ListOptions {
  labels: LabelSelector;
  fields: FieldSelector;
  watch: boolean;
  allowWatchBookmarks: boolean;
  resourceVersion: string;
  resourceVersionMatch: string;
  timeoutSeconds: number | undefined;
  limit: number;
  continueToken: string;
  sendInitialEvents: boolean | undefined;
}

const int64Max = 2n ** 63n - 1n;

/** Only "0" and "false" in any case are false. Source: runtime.Convert_Slice_string_To_bool. */
function parseBool(text: string): boolean {
  return text !== "0" && text.toLowerCase() !== "false";
}

/** strconv.ParseInt(text, 10, 64). */
function parseInt64(text: string): number {
  const problem = !/^[+-]?\d+$/.test(text)
    ? "invalid syntax"
    : BigInt(text.replace(/^\+/, "")) > int64Max || BigInt(text.replace(/^\+/, "")) < -int64Max - 1n
      ? "value out of range"
      : undefined;
  if (problem) throw badRequest(`strconv.ParseInt: parsing ${goQuote(text)}: ${problem}`);
  return Number(text);
}

export function optionalInt64(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null ? undefined : parseInt64(text);
}

function optionalBool(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  return text === null ? undefined : parseBool(text);
}

function throwInvalidOptions(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", errors);
}

function validateDryRun(values: readonly string[]): FieldError[] {
  const known = values.every((value) => value === "All");
  return known ? [] : [notSupported(FieldPath.of("dryRun"), values, ["All"])];
}

const knownValidations = ["", "Ignore", "Strict", "Warn"];
const fieldManagerPath = FieldPath.of("fieldManager");
const fieldValidationPath = FieldPath.of("fieldValidation");

function writeErrors(query: URLSearchParams): FieldError[] {
  const errors = validateFieldManager(query.get("fieldManager") ?? "", fieldManagerPath);
  errors.push(...validateDryRun(query.getAll("dryRun")));
  const validation = query.get("fieldValidation") ?? "";
  if (!knownValidations.includes(validation)) {
    errors.push(notSupported(fieldValidationPath, validation, knownValidations));
  }
  return errors;
}

function writeOptions(query: URLSearchParams): WriteOptions {
  return {
    dryRun: query.has("dryRun"),
    fieldManager: query.get("fieldManager") ?? "",
    fieldValidation: (query.get("fieldValidation") || "Warn") as FieldValidation,
  };
}

/** CreateOptions or UpdateOptions; throws a 422 on bad ones. */
export function parseWriteOptions(
  query: URLSearchParams,
  kind: "CreateOptions" | "UpdateOptions",
): WriteOptions {
  if (query.size > 0) throwInvalidOptions(kind, writeErrors(query));
  return writeOptions(query);
}

export function parsePatchOptions(query: URLSearchParams, apply: boolean): PatchOptions {
  const force = optionalBool(query, "force");
  const errors: FieldError[] = [];
  if (apply && !query.get("fieldManager")) {
    errors.push(required(FieldPath.of("fieldManager"), "is required for apply patch"));
  }
  if (!apply && force !== undefined) {
    errors.push(forbidden(FieldPath.of("force"), "may not be specified for non-apply patch"));
  }
  throwInvalidOptions("PatchOptions", [...errors, ...writeErrors(query)]);
  return { ...writeOptions(query), force };
}

/** ListOptions of lists, watches and collection deletes; field names are not yet checked against the kind. */
export function parseListOptions(query: URLSearchParams, watchListEnabled: boolean): ListOptions {
  const options: ListOptions = {
    labels: selector(() => parseLabelSelector(query.get("labelSelector") ?? "")),
    fields: selector(() => parseFieldSelector(query.get("fieldSelector") ?? "")),
    watch: optionalBool(query, "watch") ?? false,
    allowWatchBookmarks: optionalBool(query, "allowWatchBookmarks") ?? false,
    resourceVersion: query.get("resourceVersion") ?? "",
    resourceVersionMatch: query.get("resourceVersionMatch") ?? "",
    timeoutSeconds: optionalInt64(query, "timeoutSeconds"),
    limit: optionalInt64(query, "limit") ?? 0,
    continueToken: query.get("continue") ?? "",
    sendInitialEvents: optionalBool(query, "sendInitialEvents"),
  };
  if (watchListEnabled) useWatchList(options);
  const errors = options.watch ? watchErrors(options, watchListEnabled) : listErrors(options);
  throwInvalidOptions("ListOptions", errors);
  return options;
}

/** A watch from the present state is a watch-list. Source: internalversion.SetListOptionsDefaults. */
function useWatchList(options: ListOptions): void {
  const { watch, sendInitialEvents, resourceVersion, resourceVersionMatch } = options;
  if (!watch || sendInitialEvents !== undefined || resourceVersionMatch !== "") return;
  if (resourceVersion !== "" && resourceVersion !== "0") return;
  options.sendInitialEvents = true;
  options.resourceVersionMatch = "NotOlderThan";
}

function selector<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

const matchPath = FieldPath.of("resourceVersionMatch");
const initialEventsPath = FieldPath.of("sendInitialEvents");

/** Source: apis/meta/internalversion/validation. */
function listErrors(options: ListOptions): FieldError[] {
  const errors: FieldError[] = [];
  const { resourceVersionMatch: match } = options;
  if (match !== "") {
    if (options.resourceVersion === "") {
      errors.push(
        forbidden(matchPath, "resourceVersionMatch is forbidden unless resourceVersion is provided"),
      );
    }
    if (options.continueToken !== "") {
      errors.push(forbidden(matchPath, "resourceVersionMatch is forbidden when continue is provided"));
    }
    if (match !== "Exact" && match !== "NotOlderThan") {
      errors.push(notSupported(matchPath, match, ["Exact", "NotOlderThan", ""]));
    }
    if (match === "Exact" && options.resourceVersion === "0") {
      errors.push(forbidden(matchPath, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (options.sendInitialEvents !== undefined) {
    errors.push(forbidden(initialEventsPath, "sendInitialEvents is forbidden for list"));
  }
  return errors;
}

function watchErrors(options: ListOptions, watchListEnabled: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const { resourceVersionMatch: match, sendInitialEvents } = options;
  if (sendInitialEvents !== undefined) {
    if (match !== "NotOlderThan") {
      const message = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
      errors.push(forbidden(matchPath, message));
    }
    if (!watchListEnabled) {
      const message = "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled";
      errors.push(forbidden(initialEventsPath, message));
    }
  }
  if (match !== "") {
    if (sendInitialEvents === undefined) {
      const message = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
      errors.push(forbidden(matchPath, message));
    }
    if (match !== "NotOlderThan") errors.push(notSupported(matchPath, match, ["NotOlderThan"]));
    if (options.continueToken !== "") {
      errors.push(forbidden(matchPath, "resourceVersionMatch is forbidden when continue is provided"));
    }
  }
  return errors;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  orphanDependents?: boolean;
  propagationPolicy?: string;
  dryRun?: string[];
}

/** DeleteOptions from query parameters, for requests without a body. */
export function deleteOptionsFromQuery(query: URLSearchParams): DeleteOptions {
  const gracePeriodSeconds = optionalInt64(query, "gracePeriodSeconds");
  const orphanDependents = optionalBool(query, "orphanDependents");
  const propagationPolicy = query.get("propagationPolicy");
  const uid = query.get("uid");
  const resourceVersion = query.get("resourceVersion");
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(orphanDependents === undefined ? {} : { orphanDependents }),
    ...(propagationPolicy === null ? {} : { propagationPolicy }),
    ...(uid || resourceVersion
      ? { preconditions: { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) } }
      : {}),
    dryRun: query.getAll("dryRun"),
  };
}

/** Throws a 422 on bad options. Source: ValidateDeleteOptions. */
export function validateDeleteOptions(options: DeleteOptions): void {
  const path = FieldPath.of("propagationPolicy");
  const { propagationPolicy: policy, orphanDependents } = options;
  const errors: FieldError[] = [];
  if (orphanDependents !== undefined && policy !== undefined) {
    errors.push(invalidField(path, policy, "orphanDependents and deletionPropagation cannot be both set"));
  }
  const known = ["Foreground", "Background", "Orphan"];
  if (policy !== undefined && !known.includes(policy)) {
    errors.push(notSupported(path, policy, [...known, "nil"]));
  }
  throwInvalidOptions("DeleteOptions", [...errors, ...validateDryRun(options.dryRun ?? [])]);
}
