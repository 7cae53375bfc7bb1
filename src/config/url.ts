/** What an address is for; each has rules of its own. */
export type UrlPurpose = "kagent-base" | "agent" | "discord-api" | "otlp";

const EXAMPLES = {
  "kagent-base": "http://kagent-controller.kagent:8083",
  agent: "http://kagent-controller.kagent:8083/api/a2a/kagent/k8s-agent/",
  "discord-api": "http://127.0.0.1:3000/api",
  otlp: "http://otel-collector.monitoring:4318",
};

/** Reads an address, without a slash at its end unless it is an agent's; or a sentence that says what is wrong with it. */
export function readUrl(
  text: string,
  purpose: UrlPurpose,
): { readonly url: string } | { readonly sentence: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    return { sentence: `This is no http or https address. Write one such as ${EXAMPLES[purpose]}.` };
  }
  // The value could reach a log or a screen, where nobody expects a password.
  if (url.username !== "" || url.password !== "") {
    return { sentence: "An address must not hold a user name or password; use a token or a header." };
  }
  if (url.search !== "" || url.hash !== "") {
    return { sentence: "An address must not have a query or a fragment; secrets belong into headers." };
  }
  if (purpose === "kagent-base" && url.pathname.includes("/api/a2a")) {
    return {
      sentence:
        "This is the address of one agent: set KAGENT_A2A_URL to it, or leave out /api/a2a and the rest.",
    };
  }
  return { url: purpose === "agent" ? url.href : url.href.replace(/\/+$/, "") };
}

/** Whether an address stays on this machine. */
export function isLoopback(url: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
