import { isBootstrapToken, type Secret, secretsResource, timeLeft } from "../../api/bootstrap-token.ts";
import { objectKey } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { tolerateRace } from "../tolerate-race.ts";

/** Deletes bootstrap tokens when their time is over. Source: pkg/controller/bootstrap/tokencleaner.go. */
export function makeTokenCleaner(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const secrets = informers.of<Secret>(secretsResource);
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(key) {
      const secret = secrets.objects.get(key);
      const left = secret && timeLeft(secret, clock.now());
      if (!secret || left === undefined) return;
      if (left > 0) {
        // A timer holds no more than 31 bits.
        queue.addAfter(key, Math.min(left, 0x7fffffff));
        return;
      }
      const { namespace = "", name = "", uid = "" } = secret.metadata;
      const place = { ...secretsResource, namespace };
      await tolerateRace(client.delete(place, name, { preconditions: { uid } }));
    },
  });
  secrets.onChange((now) => {
    if (now && isBootstrapToken(now)) queue.add(objectKey(now));
  });
}
