import type { Localized } from "../src/discord/command.ts";
import about from "./about.ts";

/** What one command is called and says of itself in the languages beside English. */
export interface CommandTexts {
  readonly names?: Localized;
  readonly descriptions: Localized;
  /** Descriptions of options, by option name. */
  readonly options?: Readonly<Record<string, Localized>>;
}

const prompt: Localized = {
  de: "Was du wissen oder getan haben möchtest",
  ja: "知りたいこと・してほしいこと",
};
const file: Localized = { de: "Textdatei oder Bild, das mitgeht", ja: "一緒に送るテキストまたは画像" };
const cluster: Localized = { de: "Auf welchem Cluster", ja: "対象のクラスター" };
const agent: Localized = { de: "Wen du fragst; sonst den Agenten dieses Kanals", ja: "質問先のエージェント" };

/** Options that every command with a question has. */
export const QUESTION_OPTIONS: Readonly<Record<string, Localized>> = { prompt, file, cluster, agent };

/**
 * All translations of the built-in commands. To add a language, add its Discord locale to each entry
 * (https://docs.discord.com/developers/reference#locales); names are lower case, 1–32 letters.
 */
export const LOCALES: Readonly<Record<string, CommandTexts>> = {
  ask: {
    names: { de: "fragen", ja: "質問" },
    descriptions: { de: "Einen Agenten fragen", ja: "エージェントに質問する" },
    options: QUESTION_OPTIONS,
  },
  agents: {
    names: { de: "agenten", ja: "エージェント" },
    descriptions: {
      de: "Welche Agenten es gibt, wofür, und welcher Befehl sie erreicht",
      ja: "利用できるエージェントとその役割・コマンドを表示",
    },
  },
  approvals: {
    names: { de: "freigaben", ja: "承認待ち" },
    descriptions: {
      de: "Was auf eine Entscheidung wartet, die du treffen darfst",
      ja: "あなたが決定できる承認待ちの一覧を表示",
    },
  },
  new: {
    names: { de: "neu", ja: "新規" },
    descriptions: {
      de: "Hier neu anfangen: Der Agent vergisst dieses Gespräch",
      ja: "会話を新しく始める（エージェントはこれまでの内容を忘れます）",
    },
  },
  stop: {
    names: { de: "stopp", ja: "停止" },
    descriptions: { de: "Anhalten, was hier gerade läuft", ja: "ここで実行中の処理を止める" },
  },
  status: {
    names: { de: "status", ja: "状態" },
    descriptions: {
      de: "Was hier läuft und wartet, und wie es dem Bot geht",
      ja: "この会話とボットの状態を表示",
    },
  },
  doctor: {
    names: { de: "diagnose", ja: "診断" },
    descriptions: {
      de: "Herausfinden, was mit diesem Bot nicht stimmt (Mitglieder mit Server verwalten)",
      ja: "このボットの問題を調べる（「サーバー管理」権限が必要）",
    },
  },
  help: {
    names: { de: "hilfe", ja: "ヘルプ" },
    descriptions: { de: "Was dieser Bot kann", ja: "このボットの使い方" },
  },
  [about.name]: {
    names: { de: "Einen Agenten dazu fragen", ja: "エージェントに質問" },
    descriptions: {},
  },
};
