import { ButtonStyle, ComponentType } from "discord.js";
import type { ButtonView } from "../view/message.ts";

const STYLES = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
} as const;

/** A button as Discord's component. */
export function toButton({ label, customId, style, emoji }: ButtonView) {
  return {
    type: ComponentType.Button as const,
    style: STYLES[style],
    ...(label === "" ? {} : { label }),
    custom_id: customId,
    ...(emoji === undefined ? {} : { emoji: { name: emoji } }),
  };
}
