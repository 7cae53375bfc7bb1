import type { Card } from "./approval-row.ts";
import type { MessageAddress } from "./prompt.ts";

/** Where cards appear. Only `show` rejects, and only where Discord could not be asked: then the card may come later. */
export interface Cards {
  /**
   * Makes the card look as it stands: edits it, or posts it where there is none or it is gone; in the place, else in the
   * parent channel. Resolves with its address; undefined: nobody can see it anywhere.
   */
  show(card: Card): Promise<MessageAddress | undefined>;
  /** Tells the approvals channel of a card, or that it is over; resolves with the message's address. */
  announce(card: Card): Promise<MessageAddress | undefined>;
  /** Reminds the approvals channel, once, with a ping of these roles where they are mentionable. */
  remind(card: Card, roleIds: readonly string[]): Promise<void>;
}
