/** The languages that Discord knows (https://docs.discord.com/developers/reference#locales). */
export const DISCORD_LOCALES = [
  ..."id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr".split(" "),
  ..."cs el bg ru uk hi th zh-CN ja zh-TW ko".split(" "),
];
