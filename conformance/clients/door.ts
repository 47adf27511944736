/** A door before a server: connections go through it untouched, until it is asked to cut all of them. */

import { createServer as createControl } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** By then a client that is not waiting has noticed, and does not write into a dead connection. */
const NOTICE_MS = 200;

export interface Door {
  /** Leads to the server. */
  readonly url: string;
  /** A POST here cuts every connection that is open, on both sides. */
  readonly control: string;
  close(): void;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export async function openDoor(to: string): Promise<Door> {
  const { hostname, port } = new URL(to);
  const open = new Set<Socket>();
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const door = createServer((inside) => {
    const outside = connect(Number(port), hostname);
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  const control = createControl((_, answer) => {
    cut();
    setTimeout(() => answer.end(), NOTICE_MS);
  });
  const [doorPort, controlPort] = [await listen(door), await listen(control)];
  return {
    url: `https://127.0.0.1:${doorPort}`,
    control: `http://127.0.0.1:${controlPort}`,
    close() {
      cut();
      door.close();
      control.close();
      control.closeAllConnections();
    },
  };
}
