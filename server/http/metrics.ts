import type { Clock } from "../../api/clock.ts";
import type { RequestInfo } from "./request-info.ts";

/** Ends the observation of one request with the code of its answer. */
export type EndObservation = (code: number) => void;

interface Series {
  labels: Readonly<Record<string, string>>;
  count: number;
  /** Seconds. */
  sum: number;
  buckets: number[];
}

/** Seconds; source: apiserver/pkg/endpoints/metrics. */
const durationBuckets = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];

/**
 * Counts requests as they happen, in plain numbers: the exposition library loads when somebody asks for /metrics.
 * Names and labels are upstream's: https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
export class RequestMetrics {
  readonly #clock: Clock;
  readonly #totals = new Map<string, { labels: Record<string, string>; count: number }>();
  readonly #durations = new Map<string, Series>();
  readonly #longRunning = new Map<string, { labels: Record<string, string>; count: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(info: RequestInfo, longRunning: boolean): EndObservation {
    const start = this.#clock.monotonic();
    const labels = requestLabels(info);
    const running = longRunning ? counter(this.#longRunning, labels) : undefined;
    if (running) running.count++;
    return (code) => {
      if (running) running.count--;
      counter(this.#totals, { ...labels, code: String(code), dry_run: "" }).count++;
      if (!longRunning) this.#observe({ ...labels, dry_run: "" }, (this.#clock.monotonic() - start) / 1000);
    };
  }

  #observe(labels: Record<string, string>, seconds: number): void {
    const key = labelKey(labels);
    let series = this.#durations.get(key);
    if (!series) {
      series = { labels, count: 0, sum: 0, buckets: durationBuckets.map(() => 0) };
      this.#durations.set(key, series);
    }
    series.count++;
    series.sum += seconds;
    const bucket = durationBuckets.findIndex((limit) => seconds <= limit);
    if (bucket >= 0) series.buckets[bucket]!++;
  }

  /** Prometheus text. */
  expose(): string {
    return (
      exposeCounters("apiserver_request_total", "counter", requestTotalHelp, this.#totals) +
      exposeCounters("apiserver_longrunning_requests", "gauge", longRunningHelp, this.#longRunning) +
      exposeHistogram("apiserver_request_duration_seconds", durationHelp, this.#durations)
    );
  }
}

const requestTotalHelp =
  "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.";
const longRunningHelp =
  "[STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.";
const durationHelp =
  "[STABLE] Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.";

function requestLabels(info: RequestInfo): Record<string, string> {
  const { group, version, resource, subresource } = info;
  return {
    verb: metricVerb(info.verb),
    group,
    version,
    resource,
    subresource: info.isResource ? subresource : info.path,
    scope: scopeOf(info),
    component: "apiserver",
  };
}

function metricVerb(verb: string): string {
  const names: Record<string, string> = { create: "POST", update: "PUT", watch: "WATCH" };
  return names[verb] ?? verb.toUpperCase();
}

function scopeOf({ isResource, name, namespace }: RequestInfo): string {
  if (!isResource) return "";
  if (name !== "") return "resource";
  return namespace === "" ? "cluster" : "namespace";
}

function counter(
  counters: Map<string, { labels: Record<string, string>; count: number }>,
  labels: Record<string, string>,
): { count: number } {
  const key = labelKey(labels);
  let known = counters.get(key);
  if (!known) {
    known = { labels, count: 0 };
    counters.set(key, known);
  }
  return known;
}

function labelKey(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .sort()
    .map(
      (name) =>
        `${name}="${labels[name]!.replaceAll(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`))}"`,
    )
    .join(",");
}

function exposeCounters(
  name: string,
  type: string,
  help: string,
  counters: ReadonlyMap<string, { count: number }>,
): string {
  let text = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  for (const [labels, { count }] of counters) text += `${name}{${labels}} ${count}\n`;
  return text;
}

function exposeHistogram(name: string, help: string, all: ReadonlyMap<string, Series>): string {
  let text = `# HELP ${name} ${help}\n# TYPE ${name} histogram\n`;
  for (const [labels, { buckets, count, sum }] of all) {
    let below = 0;
    for (const [i, limit] of durationBuckets.entries()) {
      below += buckets[i]!;
      text += `${name}_bucket{${labels},le="${limit}"} ${below}\n`;
    }
    text += `${name}_bucket{${labels},le="+Inf"} ${count}\n${name}_sum{${labels}} ${sum}\n${name}_count{${labels}} ${count}\n`;
  }
  return text;
}
