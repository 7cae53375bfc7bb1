/** Patterns of names and ids, and what to say when a value does not match. */
export const WORDS = {
  snowflake: {
    pattern: /^\d{17,20}$/,
    sentence: "A Discord id is a number of 17 to 20 digits: switch on Developer Mode and use “Copy ID”.",
  },
  cluster: {
    pattern: /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/,
    sentence:
      "A cluster's name is at most 50 lower-case letters, digits and dashes, such as prod or eu-west.",
  },
  namespace: {
    pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    sentence: "A namespace is at most 63 lower-case letters, digits and dashes.",
  },
  agent: {
    pattern: /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
    sentence: "An agent is its Kubernetes name, k8s-agent, or with its namespace, other-ns/k8s-agent.",
  },
  /** https://docs.discord.com/developers/interactions/application-commands#application-command-object */
  command: {
    pattern: /^[-_\p{Ll}\p{Lo}\p{M}\p{N}]{1,32}$/u,
    sentence:
      "A command's name is 1 to 32 lower-case letters, digits, dashes or underscores, without the slash.",
  },
  agentPattern: {
    pattern: /^(?=.*\{cluster\})([a-z0-9.-]|\{agent\}|\{cluster\})+$/,
    sentence: "A pattern needs {cluster} and may have {agent}: k8s-agent-{cluster} or {agent}-{cluster}.",
  },
  color: {
    pattern: /^#[0-9a-fA-F]{6}$/,
    sentence: 'A colour is six hexadecimal digits in quotes: "#d64545" (without quotes, # begins a comment).',
  },
  /** It becomes part of an HTTP header, where a line break would start another one. */
  token: {
    pattern: /^[\x21-\x7e]+$/,
    sentence: "It holds blanks, line breaks or other signs that no token has.",
  },
  key: {
    pattern: /^[\x21-\x7e]{32,}$/,
    sentence:
      "A key is at least 32 characters without blanks, such as what “openssl rand -base64 32” prints.",
  },
  headerName: {
    pattern: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
    sentence: "This is no name of an HTTP header.",
  },
  headerValue: {
    pattern: /^[\x20-\x7e]+$/,
    sentence: "The value of an HTTP header is one line of printable ASCII.",
  },
} as const;
