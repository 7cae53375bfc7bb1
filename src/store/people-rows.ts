import { z } from "zod";

const quota = z.object({ times: z.array(z.number()) });
const vote = z.object({ vote: z.enum(["up", "down"]) });

/** Readers of the rows about people: the shapes are the core's `QuotaRow` and `VoteRow`. */
export const readQuotaRow = (value: unknown) => quota.parse(value);
export const readVoteRow = (value: unknown) => vote.parse(value);
