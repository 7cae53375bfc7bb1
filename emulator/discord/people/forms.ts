import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import { componentTypes } from "../rules/components.ts";
import { codePoints } from "../rules/text.ts";
import type { OpenModal } from "../world/interaction.ts";
import type { World } from "../world/world.ts";
import { type FileInput, isFileInput, upload } from "./files.ts";
import type { Resolved } from "./resolved.ts";

/** What somebody puts into a field of a form. */
export type FieldInput = string | boolean | readonly string[] | readonly FileInput[];
export type FieldInputs = Readonly<Record<string, FieldInput>>;

/** Fills in a form by the labels of its fields. Throws for unknown labels and what Discord's client refuses. */
export function modalData(
  world: World,
  modal: OpenModal,
  inputs: FieldInputs,
  resolved: Resolved,
): JsonObject {
  const labels: string[] = [];
  const fill = (component: JsonObject): JsonObject => {
    const type = numberAt(component, "type");
    const id = numberAt(component, "id");
    const field = objectAt(component, "component");
    if (type === componentTypes.row)
      return { type, id, components: objectsAt(component, "components").map(fill) };
    if (type === componentTypes.label && field) {
      const label = textAt(component, "label") ?? "";
      labels.push(label);
      return { type, id, component: fillField(world, field, label, inputs[label], resolved) };
    }
    if (type !== componentTypes.textInput) return { type, id };
    const label = textAt(component, "label") ?? "";
    labels.push(label);
    return fillField(world, component, label, inputs[label], resolved);
  };
  const components = modal.components.map(fill);
  const unknown = Object.keys(inputs).find((label) => !labels.includes(label));
  if (unknown !== undefined)
    throw new Error(`the form has no field "${unknown}"; it has: ${labels.join(", ")}`);
  return { custom_id: modal.customId, components, ...resolved.json() };
}

function fillField(
  world: World,
  field: JsonObject,
  label: string,
  input: FieldInput | undefined,
  resolved: Resolved,
): JsonObject {
  const head = {
    type: numberAt(field, "type"),
    id: numberAt(field, "id"),
    custom_id: textAt(field, "custom_id"),
  };
  switch (head.type) {
    case componentTypes.textInput:
      return { ...head, value: readText(field, label, input) };
    case componentTypes.checkbox:
      return { ...head, value: input === true };
    case componentTypes.radioGroup:
      return {
        ...head,
        value: readOptions(field, label, typeof input === "string" ? [input] : input)[0] ?? null,
      };
    case componentTypes.fileUpload:
      return { ...head, values: readFiles(world, field, label, input, resolved) };
    default:
      return { ...head, values: readOptions(field, label, typeof input === "string" ? [input] : input) };
  }
}

function readText(field: JsonObject, label: string, input: FieldInput | undefined): string {
  const text = typeof input === "string" ? input : (textAt(field, "value") ?? "");
  const length = codePoints(text);
  const isRequired = field.required !== false;
  if (isRequired && length === 0) throw new Error(`"${label}" must be filled in`);
  if (length > 0 && length < (numberAt(field, "min_length") ?? 0)) throw new Error(`"${label}" is too short`);
  if (length > (numberAt(field, "max_length") ?? 4000)) throw new Error(`"${label}" is too long`);
  return text;
}

function readFiles(
  world: World,
  field: JsonObject,
  label: string,
  input: FieldInput | undefined,
  resolved: Resolved,
): string[] {
  const files = Array.isArray(input) ? input.filter(isFileInput) : [];
  if (files.length === 0 && field.required !== false) throw new Error(`"${label}" needs a file`);
  return files.map((file) => resolved.attachment(upload(world, file)));
}

/** Picks options by label or value; also used for selects under messages. */
export function readOptions(field: JsonObject, label: string, input: FieldInput | undefined): string[] {
  const options = objectsAt(field, "options");
  const wanted = Array.isArray(input) ? input.map(String) : [];
  const chosen = input === undefined ? options.filter((option) => option.default === true) : [];
  const values = wanted.map((name) => {
    const option = options.find((candidate) => candidate.label === name || candidate.value === name);
    if (options.length > 0 && !option) throw new Error(`"${label}" has no option "${name}"`);
    return option ? (textAt(option, "value") ?? "") : name;
  });
  const all = [...values, ...chosen.map((option) => textAt(option, "value") ?? "")];
  const least = field.required === false ? 0 : (numberAt(field, "min_values") ?? 1);
  if (
    all.length < least ||
    all.length > (numberAt(field, "max_values") ?? Math.max(listAt(field, "options")?.length ?? 1, 1))
  ) {
    throw new Error(`"${label}" takes another number of options than ${all.length}`);
  }
  return all;
}
