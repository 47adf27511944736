/**
 * Runs something many times, once first and twice as often each time all went well, so that what fails for all is not
 * tried for each. Source: slowStartBatch of pkg/controller/replicaset.
 *
 * @returns how often it went well, and the first error after which no more was started
 */
export async function slowStart(
  count: number,
  run: (index: number) => Promise<void>,
): Promise<{ succeeded: number; error?: unknown }> {
  let succeeded = 0;
  for (let size = 1; succeeded < count; size *= 2) {
    const first = succeeded;
    const batch = Array.from({ length: Math.min(size, count - first) }, (_, index) => run(first + index));
    const failures = (await Promise.allSettled(batch)).filter(({ status }) => status === "rejected");
    succeeded += batch.length - failures.length;
    const failure = failures[0];
    if (failure) return { succeeded, error: (failure as PromiseRejectedResult).reason };
  }
  return { succeeded };
}
