import { type APIMessageTopLevelComponent, ComponentType } from "discord.js";
import type { CardView, RowView } from "../view/card-view.ts";
import { toButton } from "./button.ts";

/**
 * A card as Discord's components, for messages and for replies to clicks alike; goes with the flag `IsComponentsV2`, and
 * its files are uploaded under their names.
 *
 * @see https://docs.discord.com/developers/components/reference#container
 */
export function toComponents(view: CardView): APIMessageTopLevelComponent[] {
  return [
    {
      type: ComponentType.Container,
      ...(view.accent === undefined ? {} : { accent_color: view.accent }),
      components: [
        ...view.blocks.map((content) => ({ type: ComponentType.TextDisplay as const, content })),
        ...view.files.map(({ name }) => ({
          type: ComponentType.File as const,
          file: { url: `attachment://${name}` },
        })),
        ...view.rows.map(toRow),
      ],
    },
  ];
}

function toRow(row: RowView) {
  return {
    type: ComponentType.ActionRow as const,
    components: row.kind === "buttons" ? row.buttons.map(toButton) : [toSelect(row)],
  };
}

function toSelect({ customId, placeholder, options, most }: RowView & { readonly kind: "select" }) {
  return {
    type: ComponentType.StringSelect as const,
    custom_id: customId,
    placeholder,
    min_values: 1,
    max_values: most,
    options: options.map(({ label, value, chosen }) => ({
      label,
      value,
      ...(chosen ? { default: true } : {}),
    })),
  };
}
