import { goQuote } from "./go-format.ts";

const longestShown = 2048;

/** What Go's client says of an answer that is no Status. text: the answer's. Source: NewGenericServerResponse. */
export function unexpectedAnswer(
  code: number,
  method: string,
  text: string,
): [reason: string, message: string] {
  if (code === 409)
    return [method === "POST" ? "AlreadyExists" : "Conflict", "the server reported a conflict"];
  const known = words[code];
  const shown = text.trim().slice(0, longestShown);
  if (known) return [known[0], known[1] ?? shown];
  if (code >= 500) {
    return [
      "InternalError",
      `an error on the server (${goQuote(shown)}) has prevented the request from succeeding`,
    ];
  }
  return ["", `the server responded with the status code ${code} but did not return more information`];
}

/** Without a message: the server's own text. */
const words: Readonly<Record<number, readonly [reason: string, message?: string]>> = {
  400: ["BadRequest", "the server rejected our request for an unknown reason"],
  401: ["Unauthorized", "the server has asked for the client to provide credentials"],
  403: ["Forbidden"],
  404: ["NotFound", "the server could not find the requested resource"],
  405: ["MethodNotAllowed", "the server does not allow this method on the requested resource"],
  406: ["NotAcceptable", "the server was unable to respond with a content type that the client supports"],
  415: ["UnsupportedMediaType"],
  422: ["Invalid", "the server rejected our request due to an error in our request"],
  429: ["TooManyRequests", "the server has received too many requests and has asked us to try again later"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
  504: [
    "Timeout",
    "the server was unable to return a response in the time allotted, but may still be processing the request",
  ],
};
