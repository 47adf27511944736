import type { IncomingMessage, ServerResponse } from "node:http";
import type { UserInfo } from "../auth/user.ts";
import type { EndOfTurn } from "./end-of-turn.ts";

/** One HTTP exchange on its way through the server. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  /** Percent-decoded. */
  path: string;
  query: URLSearchParams;
  user: UserInfo;
  userAgent: string;
  /** Headers that the answer will carry besides its own. */
  headers: Record<string, string | string[]>;
  /** Texts of Warning headers, once each. */
  warnings: Set<string>;
  /** When whole answers and events are written. */
  endOfTurn: Pick<EndOfTurn, "add" | "addEvents">;
  /** Aborts when the client goes. */
  signal: AbortSignal;
}

/** Answers a path that names no resource. */
export type PathHandler = (exchange: Exchange) => void | Promise<void>;
