/**
 * The errors that the API answers with. Code that fails throws a StatusError made by one of these functions;
 * one place turns it into the Status body. Reasons, codes and wording: k8s.io/apimachinery/pkg/api/errors.
 */
import { goQuote } from "./go-format.ts";
import { aggregateMessage, type FieldError } from "./validation/field.ts";

export interface GroupResource {
  group: string;
  resource: string;
}

export interface GroupKind {
  group: string;
  kind: string;
}

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** A meta/v1 Status, in the order in which Go writes it. */
export interface Status {
  kind: "Status";
  apiVersion: "v1";
  metadata: { continue?: string; remainingItemCount?: number; resourceVersion?: string };
  status: "Success" | "Failure";
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** Sent as Retry-After, in seconds, also where details say nothing. */
  readonly retryAfterSeconds: number | undefined;
  /** metadata.continue of the Status: how a client goes on after an expired list. */
  readonly continue: string | undefined;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    extra: { continue?: string } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.retryAfterSeconds = details?.retryAfterSeconds || undefined;
    this.continue = extra.continue;
  }

  status(): Status {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: this.continue === undefined ? {} : { continue: this.continue },
      status: "Failure",
      message: this.message,
      ...(this.reason === "" ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: presentDetails(this.details) }),
      code: this.code,
    };
  }
}

/** The error that a server's answer tells of. */
export const statusErrorOf = ({
  code = 0,
  reason = "",
  message = "",
  details,
  metadata,
}: Status): StatusError =>
  new StatusError(code, reason, message, details, metadata.continue ? { continue: metadata.continue } : {});

/** Without what is empty, as Go leaves it out. */
export function presentDetails(details: StatusDetails): StatusDetails {
  const { name, group, kind, uid, causes, retryAfterSeconds } = details;
  return {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    ...(kind ? { kind } : {}),
    ...(uid ? { uid } : {}),
    ...(causes?.length ? { causes } : {}),
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  };
}

/** "deployments.apps", "pods" in the core group. */
export function groupResourceText({ group, resource }: GroupResource): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function groupKindText({ group, kind }: GroupKind): string {
  return group === "" ? kind : `${kind}.${group}`;
}

const about = (resource: GroupResource, name: string): StatusDetails => ({
  name,
  group: resource.group,
  kind: resource.resource,
});

export const notFound = (resource: GroupResource, name: string): StatusError =>
  new StatusError(
    404,
    "NotFound",
    `${groupResourceText(resource)} ${goQuote(name)} not found`,
    about(resource, name),
  );

/** The answer to a path that no handler knows. */
export const pathNotFound = (): StatusError =>
  new StatusError(404, "NotFound", "the server could not find the requested resource", {});

export const alreadyExists = (resource: GroupResource, name: string): StatusError =>
  new StatusError(
    409,
    "AlreadyExists",
    `${groupResourceText(resource)} ${goQuote(name)} already exists`,
    about(resource, name),
  );

export const generateNameConflict = (
  resource: GroupResource,
  name: string,
  retryAfterSeconds: number,
): StatusError =>
  new StatusError(
    409,
    "AlreadyExists",
    `${groupResourceText(resource)} ${goQuote(name)} already exists, the server was not able to generate a unique name for the object`,
    { ...about(resource, name), retryAfterSeconds },
  );

export const unauthorized = (reason = "Unauthorized"): StatusError =>
  new StatusError(401, "Unauthorized", reason || "not authorized");

export function forbidden(resource: GroupResource | undefined, name: string, reason: string): StatusError {
  if (!resource) return new StatusError(403, "Forbidden", `forbidden: ${reason}`, {});
  const subject =
    name === "" ? groupResourceText(resource) : `${groupResourceText(resource)} ${goQuote(name)}`;
  return new StatusError(403, "Forbidden", `${subject} is forbidden: ${reason}`, about(resource, name));
}

export const conflict = (resource: GroupResource, name: string, reason: string): StatusError =>
  new StatusError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${groupResourceText(resource)} ${goQuote(name)}: ${reason}`,
    about(resource, name),
  );

export const applyConflict = (causes: StatusCause[], message: string): StatusError =>
  new StatusError(409, "Conflict", message, { causes });

export const gone = (message: string): StatusError => new StatusError(410, "Gone", message);

export const resourceExpired = (message: string, continueToken?: string): StatusError =>
  new StatusError(
    410,
    "Expired",
    message,
    undefined,
    continueToken === undefined ? {} : { continue: continueToken },
  );

export function invalid(kind: GroupKind, name: string, errors: readonly FieldError[]): StatusError {
  const subject = `${groupKindText(kind)} ${goQuote(name)} is invalid`;
  const message = errors.length === 0 ? subject : `${subject}: ${aggregateMessage(errors)}`;
  return new StatusError(422, "Invalid", message, {
    name,
    group: kind.group,
    kind: kind.kind,
    causes: errors.map(({ type, body, field }) => ({ reason: type, message: body, field })),
  });
}

export const badRequest = (message: string): StatusError => new StatusError(400, "BadRequest", message);

export const tooManyRequests = (message: string, retryAfterSeconds: number): StatusError =>
  new StatusError(429, "TooManyRequests", message, { retryAfterSeconds });

export const serviceUnavailable = (message: string): StatusError =>
  new StatusError(503, "ServiceUnavailable", message);

export const methodNotSupported = (resource: GroupResource, action: string): StatusError =>
  new StatusError(
    405,
    "MethodNotAllowed",
    `${action} is not supported on resources of kind ${goQuote(groupResourceText(resource))}`,
    about(resource, ""),
  );

export const methodNotAllowed = (): StatusError =>
  new StatusError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );

export const internalError = (message: string): StatusError =>
  new StatusError(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });

export const timeout = (message: string, retryAfterSeconds: number, causes?: StatusCause[]): StatusError =>
  new StatusError(504, "Timeout", `Timeout: ${message}`, {
    retryAfterSeconds,
    ...(causes ? { causes } : {}),
  });

export const requestEntityTooLarge = (message: string): StatusError =>
  new StatusError(413, "RequestEntityTooLarge", `Request entity too large: ${message}`);

export const notAcceptable = (mediaTypes: readonly string[]): StatusError =>
  new StatusError(
    406,
    "NotAcceptable",
    `only the following media types are accepted: ${mediaTypes.join(", ")}`,
  );

/** As the router answers, before a handler has looked. */
export const noAcceptableRoute = (mediaTypes: readonly string[]): StatusError =>
  new StatusError(
    406,
    "NotAcceptable",
    `406: Not Acceptable\n\nAvailable representations: ${mediaTypes.join(", ")}`,
    {},
  );

export const unsupportedRoute = (): StatusError =>
  new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});

export const unsupportedMediaType = (message: string): StatusError =>
  new StatusError(415, "UnsupportedMediaType", message);

/** Whether it is an answer of the server that names this cause. Source: errors.HasStatusCause of apimachinery. */
export const hasStatusCause = (error: unknown, cause: string): boolean =>
  error instanceof StatusError && !!error.details?.causes?.some(({ reason }) => reason === cause);

/** Nothing can be created in the namespace any more. */
export const isNamespaceTerminating = (error: unknown): boolean =>
  hasStatusCause(error, "NamespaceTerminating");
