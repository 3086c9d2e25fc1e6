/** The class that colours somebody's name, the same throughout a backup. */
const COLOURS = 8;

export const senderColour = (index: number | null): string => `sender-${(index ?? 0) % COLOURS}`;
