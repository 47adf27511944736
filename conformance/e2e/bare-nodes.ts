/** Nodes without anything behind them: what upstream's framework asks for before its first test. */

import { Connection, type Target } from "../differential/target.ts";

const COUNT = 2;

/** @throws Error where the server refuses one */
export async function makeBareNodes(target: Target): Promise<void> {
  const connection = new Connection(target);
  const send = async (method: string, path: string, type: string, content: object) => {
    const headers = { authorization: `Bearer ${target.token}`, "content-type": type };
    const { status, body } = await connection.send({
      method,
      path,
      headers,
      body: Buffer.from(JSON.stringify(content)),
    });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body}`);
  };
  try {
    for (let number = 1; number <= COUNT; number++) {
      const node = bareNode(`node-${number}`, `10.0.1.${number}`, new Date().toISOString());
      await send("POST", "/api/v1/nodes", "application/json", node);
      // Every new node is tainted as not ready, until somebody has looked at it.
      const untainted = { spec: { taints: null } };
      await send("PATCH", `/api/v1/nodes/node-${number}`, "application/merge-patch+json", untainted);
    }
  } finally {
    connection.close();
  }
}

const CONDITIONS = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID"],
  ["Ready", "True", "KubeletReady"],
];

function bareNode(name: string, address: string, time: string): object {
  const resources = { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "100Gi" };
  const labels = {
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: name },
      ],
      conditions: CONDITIONS.map(([type, status, reason]) => ({
        ...{ type, status, reason },
        lastHeartbeatTime: time,
        lastTransitionTime: time,
      })),
      nodeInfo: {
        machineID: name,
        systemUUID: name,
        bootID: name,
        kernelVersion: "6.1.0",
        osImage: "none",
        containerRuntimeVersion: "none://0",
        kubeletVersion: "v1.36.3",
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64",
      },
    },
  };
}
