import { MessageFlags } from "discord.js";
import type { MessageAddress } from "../../conversation/prompt.ts";
import type { CardView } from "../view/card-view.ts";
import { toComponents } from "./card-components.ts";
import { NOBODY } from "./message-call.ts";
import type { Call } from "./wire.ts";

/** The request that posts a card; repeated with the same nonce (at most 25 characters) it posts once. */
export function createCardCall(view: CardView, channelId: string, nonce: string): Call {
  return {
    method: "POST",
    path: `/channels/${channelId}/messages`,
    body: { ...lookOf(view), nonce, enforce_nonce: true },
    files: view.files,
  };
}

/** The request that makes an existing card look so. Its files are sent anew: components name them by upload. */
export function editCardCall(view: CardView, { channelId, messageId }: MessageAddress): Call {
  return {
    method: "PATCH",
    path: `/channels/${channelId}/messages/${messageId}`,
    body: lookOf(view),
    files: view.files,
  };
}

/** The request that posts a text which notifies these roles and nobody else. */
export function pingRolesCall(
  content: string,
  roleIds: readonly string[],
  channelId: string,
  nonce: string,
): Call {
  return {
    method: "POST",
    path: `/channels/${channelId}/messages`,
    body: {
      content,
      flags: MessageFlags.SuppressEmbeds,
      allowed_mentions: { ...NOBODY, roles: roleIds },
      nonce,
      enforce_nonce: true,
    },
  };
}

function lookOf(view: CardView) {
  return {
    flags: MessageFlags.IsComponentsV2,
    components: toComponents(view),
    attachments: view.files.map(({ name }, index) => ({ id: String(index), filename: name })),
    allowed_mentions: NOBODY,
  };
}
