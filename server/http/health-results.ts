import type { HealthCheck, HealthChecks } from "./health.ts";
import { exposeNumbers, labelText } from "./metrics.ts";

interface Result {
  labels: { name: string; type: string };
  healthy: boolean;
  success: number;
  error: number;
}

/** How the health checks have gone. Source: component-base/metrics/prometheus/slis. */
export class HealthResults {
  readonly #results = new Map<string, Result>();

  /** The same checks; what they find is counted. */
  watching(checks: HealthChecks): HealthChecks {
    const watched = (type: string, all: readonly HealthCheck[]) =>
      all.map(({ name, check }) => ({ name, check: () => this.#counted({ name, type }, check) }));
    const { healthz, livez, readyz } = checks;
    return {
      healthz: watched("healthz", healthz),
      livez: watched("livez", livez),
      readyz: watched("readyz", readyz),
    };
  }

  async #counted(labels: Result["labels"], check: HealthCheck["check"]): Promise<void> {
    const key = `${labels.name} ${labels.type}`;
    const result = this.#results.get(key) ?? { labels, healthy: false, success: 0, error: 0 };
    this.#results.set(key, result);
    try {
      await check();
      result.healthy = true;
      result.success++;
    } catch (error) {
      result.healthy = false;
      result.error++;
      throw error;
    }
  }

  /** Prometheus text. */
  expose(): string {
    const all = [...this.#results].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, result]) => result);
    const totals = all.flatMap(({ labels: { name, type }, success, error }) =>
      Object.entries({ error, success })
        .filter(([, count]) => count > 0)
        .map(([status, count]) => [labelText({ name, status, type }), count] as const),
    );
    return (
      exposeNumbers(
        "kubernetes_healthcheck",
        "gauge",
        "[STABLE] This metric records the result of a single healthcheck.",
        all.map(({ labels, healthy }) => [labelText(labels), healthy ? 1 : 0]),
      ) +
      exposeNumbers(
        "kubernetes_healthchecks_total",
        "counter",
        "[STABLE] This metric records the results of all healthcheck.",
        totals,
      )
    );
  }
}
