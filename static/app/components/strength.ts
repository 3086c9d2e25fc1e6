/**
 * How hard a password is to guess, judged in the browser by zxcvbn-ts; nothing is sent anywhere. Its word lists are large,
 * so they load only where a password is chosen.
 */
import { t, type Key } from "../i18n/translate";

export interface Strength {
  /** 0 (guessed at once) to 4. */
  score: 0 | 1 | 2 | 3 | 4;
  enough: boolean;
  word: string;
  /** What would make it better; empty when it is strong. */
  advice: string;
}

const LEAST_LENGTH = 8;
/** zxcvbn's 3: more than 10⁸ guesses. The vault allows ten, so this guards against someone who has taken over the vault. */
const LEAST_SCORE = 3;

const WORDS: readonly Key[] = ["strength.0", "strength.1", "strength.2", "strength.3", "strength.4"];

export type Judge = (password: string, known: string[]) => Strength;

export async function loadJudge(): Promise<Judge> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  });
  return (password, known) => {
    const { score, feedback } = zxcvbn.check(password, known);
    const long = [...password].length >= LEAST_LENGTH;
    const enough = long && score >= LEAST_SCORE;
    const found = [feedback.warning, ...feedback.suggestions].filter(Boolean).join(" ");
    const advice = !long ? t("strength.too_short", { count: LEAST_LENGTH }) : enough ? "" : found || t("strength.add_words");
    return { score, enough, word: t(WORDS[score] ?? "strength.0"), advice };
  };
}
