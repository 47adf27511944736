/**
 * Probes, lifecycle hooks and what they call.
 * Source: validateProbe, validateHandler and their neighbours in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { HttpGetAction, Lifecycle, PodSpec, Probe } from "../../core-types.ts";
import { type FieldError, type FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { checkHttpHeaderName, checkPortName, checkPortNumber } from "../names.ts";
import { validateNonnegative } from "../values.ts";

/** Of Probe and LifecycleHandler; each lacks some. */
interface Handler {
  exec?: { command?: string[] };
  httpGet?: HttpGetAction;
  tcpSocket?: { port: number | string };
  grpc?: { port: number };
  sleep?: { seconds: number };
}

/** validateLivenessProbe and validateStartupProbe. */
export function validateLivenessProbe(
  probe: Probe,
  gracePeriod: number | undefined,
  path: FieldPath,
): FieldError[] {
  const errors = validateProbe(probe, gracePeriod, path);
  const threshold = probe.successThreshold ?? 0;
  if (threshold !== 1) errors.push(invalid(path.child("successThreshold"), threshold, "must be 1"));
  return errors;
}

/** validateReadinessProbe. */
export function validateReadinessProbe(
  probe: Probe,
  gracePeriod: number | undefined,
  path: FieldPath,
): FieldError[] {
  const errors = validateProbe(probe, gracePeriod, path);
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined) {
    const at = path.child("terminationGracePeriodSeconds");
    errors.push(invalid(at, seconds, "must not be set for readinessProbes"));
  }
  return errors;
}

const nonnegativeFields = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

function validateProbe(probe: Probe, gracePeriod: number | undefined, path: FieldPath): FieldError[] {
  const errors = validateHandler(probe, gracePeriod, path);
  for (const field of nonnegativeFields) {
    const value = probe[field] ?? 0;
    if (value < 0) errors.push(...validateNonnegative(value, path.child(field)));
  }
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalid(path.child("terminationGracePeriodSeconds"), seconds, "must be greater than 0"));
  }
  return errors;
}

/** validateLifecycle. */
export function validateLifecycle(
  lifecycle: Lifecycle,
  gracePeriod: number | undefined,
  path: FieldPath,
  os: PodSpec["os"],
): FieldError[] {
  const errors: FieldError[] = [];
  const { postStart, preStop, stopSignal } = lifecycle;
  if (postStart) errors.push(...validateHandler(postStart, gracePeriod, path.child("postStart")));
  if (preStop) errors.push(...validateHandler(preStop, gracePeriod, path.child("preStop")));
  if (stopSignal !== undefined) {
    errors.push(...validateStopSignal(stopSignal, path.child("stopSignal"), os));
  }
  return errors;
}

const handlerChecks: {
  [Name in keyof Handler]-?: (
    action: NonNullable<Handler[Name]>,
    gracePeriod: number | undefined,
    path: FieldPath,
  ) => FieldError[];
} = {
  exec: ({ command }, _, path) => (command?.length ? [] : [required(path.child("command"))]),
  httpGet: (action, _, path) => validateHttpGet(action, path),
  tcpSocket: ({ port }, _, path) => validatePortNumberOrName(port, path.child("port")),
  grpc: ({ port = 0 }, _, path) => validatePortNumberOrName(port, path.child("port")),
  sleep: validateSleep,
};
const handlerNames = Object.keys(handlerChecks) as (keyof Handler)[];

/** validateHandler: exactly one action. */
function validateHandler(handler: Handler, gracePeriod: number | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  let found = false;
  for (const name of handlerNames) {
    const action = handler[name];
    if (!action) continue;
    const at = path.child(name);
    if (found) errors.push(forbidden(at, "may not specify more than 1 handler type"));
    // The check under a name takes the action under the same name.
    else
      errors.push(...(handlerChecks[name] as typeof handlerChecks.sleep)(action as never, gracePeriod, at));
    found = true;
  }
  if (!found) errors.push(required(path, "must specify a handler type"));
  return errors;
}

function validateHttpGet(action: HttpGetAction, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!action.path) errors.push(required(path.child("path")));
  errors.push(...validatePortNumberOrName(action.port, path.child("port")));
  if (action.scheme !== "HTTP" && action.scheme !== "HTTPS") {
    errors.push(notSupported(path.child("scheme"), action.scheme ?? "", ["HTTP", "HTTPS"]));
  }
  for (const { name = "" } of action.httpHeaders ?? []) {
    for (const problem of checkHttpHeaderName(name)) {
      errors.push(invalid(path.child("httpHeaders"), name, problem));
    }
  }
  return errors;
}

/** ValidatePortNumOrName. */
export function validatePortNumberOrName(port: number | string | undefined, path: FieldPath): FieldError[] {
  const value = port ?? 0;
  const problems = typeof value === "number" ? checkPortNumber(value) : checkPortName(value);
  return problems.map((problem) => invalid(path, value, problem));
}

function validateSleep(
  { seconds = 0 }: { seconds: number },
  gracePeriod: number | undefined,
  path: FieldPath,
): FieldError[] {
  if (gracePeriod === undefined || (seconds >= 0 && seconds <= gracePeriod)) return [];
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`;
  return [invalid(path, seconds, detail)];
}

/** Signals that a Linux container may ask to be stopped with, sorted as Go sorts them. */
const linuxSignals: readonly string[] = [
  ..."ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT".split(" "),
  "RTMAX",
  ...Array.from({ length: 14 }, (_, index) => `RTMAX-${index + 1}`),
  "RTMIN",
  ...Array.from({ length: 15 }, (_, index) => `RTMIN+${index + 1}`),
  ..."SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ".split(" "),
]
  .map((name) => `SIG${name}`)
  .sort();

const signalsByOs: ReadonlyMap<string, readonly string[]> = new Map([
  ["windows", ["SIGKILL", "SIGTERM"]],
  ["linux", linuxSignals],
]);

function validateStopSignal(signal: string, path: FieldPath, os: PodSpec["os"]): FieldError[] {
  if (!os) return [forbidden(path, "may not be set for containers with empty `spec.os.name`")];
  const supported = signalsByOs.get(os.name);
  if (!supported || supported.includes(signal)) return [];
  return [notSupported(path, signal, supported)];
}
