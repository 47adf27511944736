import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientContract } from "../client/client.suite.ts";
import { createCluster } from "./cluster.ts";
import { connect } from "./connect.ts";

const bare = { controllers: [] as string[], disableAdmissionPlugins: ["ServiceAccount"] };

clientContract("within the process", async () => {
  const { client, close } = await createCluster(bare);
  return { client, close };
});

clientContract("over HTTP", async () => {
  const cluster = await createCluster(bare);
  const folder = await mkdtemp(join(tmpdir(), "kubefacade-client-"));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig());
  const client = await connect({ kubeconfig });
  return {
    client,
    async close() {
      client.close();
      await cluster.close();
      await rm(folder, { recursive: true });
    },
  };
});
