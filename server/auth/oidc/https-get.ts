import { request } from "node:https";
import type { Clock } from "../../../api/clock.ts";
import { goQuote } from "../../../api/go-format.ts";
import { goNetworkText } from "../webhook-client.ts";

export interface HttpsAnswer {
  status: number;
  statusText: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

/** Gets a document; rejects with an Error in Go's words where there is no answer. */
export type HttpsGet = (url: string, headers?: Readonly<Record<string, string>>) => Promise<HttpsAnswer>;

const longestAnswer = 4 << 20;
const timeoutMilliseconds = 30_000;
const mostRedirects = 10;

/** ca: PEM of the authorities that servers are verified with; default: the system's. */
export function httpsGet(clock: Clock, ca: string | undefined): HttpsGet {
  return async (first, headers = {}) => {
    let url = first;
    for (let redirects = 0; ; redirects++) {
      const answer = await getOnce(clock, ca, url, headers);
      const { location } = answer.headers;
      if (answer.status < 301 || answer.status > 308 || typeof location !== "string") return answer;
      if (redirects === mostRedirects) throw new Error(`Get ${goQuote(url)}: stopped after 10 redirects`);
      url = new URL(location, url).href;
      if (!url.startsWith("https:")) throw new Error(`Get ${goQuote(url)}: a redirect leads away from https`);
    }
  };
}

function getOnce(
  clock: Clock,
  ca: string | undefined,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpsAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (problem: string) => reject(new Error(`Get ${goQuote(url)}: ${problem}`));
    const sent = request(url, { headers, agent: false, ...(ca === undefined ? {} : { ca }) }, (answer) => {
      const chunks: Buffer[] = [];
      let length = 0;
      answer.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > longestAnswer) sent.destroy(new Error("http: response body too large"));
      });
      answer.on("error", (error) => fail(error.message));
      answer.on("end", () => {
        const { statusCode: status = 0, statusMessage: statusText = "" } = answer;
        resolve({
          status,
          statusText,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    const cancel = clock.setTimer(timeoutMilliseconds, () =>
      sent.destroy(new Error("context deadline exceeded")),
    );
    sent.on("close", cancel);
    sent.on("error", (error: NodeJS.ErrnoException) => fail(goNetworkText(error, new URL(url))));
    sent.end();
  });
}
