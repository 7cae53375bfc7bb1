import { type JsonObject, objectAt, objectsAt, textAt } from "../emulator/discord/json.ts";
import type { FieldInput, FieldInputs } from "../emulator/discord/people/forms.ts";
import { componentTypes, flatten } from "../emulator/discord/rules/components.ts";
import type { OpenModal } from "../emulator/discord/world/interaction.ts";
import type { Message } from "../emulator/discord/world/model.ts";

interface Field {
  readonly label: string;
  readonly component: JsonObject;
}

/** The entries between commas. */
export function entriesOf(typed: string): readonly string[] {
  return typed
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** The custom_id of a select under this message that offers all of `wanted`, by label or value. */
export function selectOffering(message: Message, wanted: readonly string[]): string | undefined {
  const selects = flatten(message.components).filter(
    (one) => one.type === componentTypes.stringSelect && one.disabled !== true,
  );
  const fitting = selects.find((select) => wanted.every((entry) => offers(select, entry)));
  return fitting && textAt(fitting, "custom_id");
}

/** A form as somebody sees it: its title, and its fields with what can be chosen. */
export function formText(modal: OpenModal): string {
  const lines = fieldsOf(modal).map(({ label, component }) => {
    const options = objectsAt(component, "options").map((option) => textAt(option, "label"));
    const needed = component.required === false ? " (optional)" : "";
    return `  ${label}${needed}: ${options.length > 0 ? options.join(" | ") : "…"}`;
  });
  return [`[form] ${modal.title}`, ...lines].join("\n");
}

/** `Label = text | Other = one, two` for the fields of a form; text without a label is for the first one. */
export function readFilling(modal: OpenModal, typed: string): FieldInputs {
  const fields = fieldsOf(modal);
  const inputs = typed.split("|").flatMap((piece): readonly (readonly [string, FieldInput])[] => {
    const [name = "", ...rest] = piece.split("=");
    const named = fields.find(({ label }) => label === name.trim());
    const field = named ?? fields[0];
    return field ? [[field.label, readInput(field, (named ? rest.join("=") : piece).trim())]] : [];
  });
  return Object.fromEntries(inputs);
}

function readInput({ component }: Field, text: string): FieldInput {
  if (component.type === componentTypes.textInput) return text;
  if (component.type === componentTypes.checkbox) return /^(yes|true|on|x)$/i.test(text);
  return component.type === componentTypes.radioGroup ? text : entriesOf(text);
}

function fieldsOf(modal: OpenModal): readonly Field[] {
  return flatten(modal.components).flatMap((one) => {
    const label = textAt(one, "label");
    const component = one.type === componentTypes.label ? objectAt(one, "component") : one;
    const isField = component !== undefined && textAt(component, "custom_id") !== undefined;
    return label !== undefined && isField ? [{ label, component }] : [];
  });
}

function offers(select: JsonObject, entry: string): boolean {
  return objectsAt(select, "options").some(
    (option) => textAt(option, "label") === entry || textAt(option, "value") === entry,
  );
}
