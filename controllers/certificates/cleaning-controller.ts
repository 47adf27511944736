import { X509Certificate } from "node:crypto";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { type SigningRequest, signingRequestsResource } from "./certificate-requests.ts";

const hour = 3_600_000;
const period = hour;
const settledLife = hour;
const pendingLife = 24 * hour;

/** Deletes requests that nobody needs any more, once an hour. Source: pkg/controller/certificates/cleaner. */
export function makeCertificateCleaningController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const requests = informers.of<SigningRequest>(signingRequestsResource);
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(key) {
      queue.addAfter(key, period);
      for (const request of [...requests.objects.values()]) {
        if (!isOld(request, clock.now())) continue;
        await tolerateRace(client.delete(signingRequestsResource, request.metadata.name ?? ""));
      }
    },
  });
  queue.add("requests");
}

export function isOld({ metadata, status }: SigningRequest, now: number): boolean {
  const isOlder = (time: string | undefined, life: number) =>
    time !== undefined && now - Date.parse(time) > life;
  const { certificate, conditions = [] } = status ?? {};
  if (conditions.length === 0) return isOlder(metadata.creationTimestamp, pendingLife);
  return conditions.some(({ type, lastUpdateTime }) => {
    if (type === "Denied" || type === "Failed") return isOlder(lastUpdateTime, settledLife);
    if (type !== "Approved") return false;
    if (!certificate) return isOlder(lastUpdateTime, pendingLife);
    return isOlder(lastUpdateTime, settledLife) || hasExpired(certificate, now);
  });
}

function hasExpired(certificate: string, now: number): boolean {
  try {
    return new X509Certificate(Buffer.from(certificate, "base64")).validToDate.getTime() < now;
  } catch {
    // A signer of somebody else's may write what it likes.
    return false;
  }
}
