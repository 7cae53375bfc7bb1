import type { Message } from "../world/model.ts";
import type { World } from "../world/world.ts";
import type { InteractionHandle } from "./interaction-handle.ts";

/** Tells the gateway once more of what happened before. Throws for what never did. */
export function redeliver(world: World, what: InteractionHandle | Message): void {
  if ("token" in what) {
    const interaction = world.interactions.get(what.token);
    if (!interaction) throw new Error("there was no such interaction");
    world.emit({ kind: "interaction", interaction });
    return;
  }
  const channel = world.channels.get(what.channelId);
  if (!channel) throw new Error("this message is gone");
  world.emit({ kind: "message-created", message: what, channel });
}
