import { tellPauses } from "./recorded-pausing.ts";

tellPauses((folder) => folder.includes("python"));
