/**
 * Words that records say again and again, each written as its number. Part of the form of a record: a word's number is
 * for ever, new ones go to the end. Why no library: a compressor with a dictionary (zstd, LZ4) would make the bytes of
 * a record, and so its hash, depend on that library's version.
 */

const WORDS =
  'result type actor id key ok value base-wait election alarm at signVrf getHead epoch miner signing done asking.head asking.beacon asking.info getBeaconEntry getMiningBaseInfo baseDue waiting ' +
  'awaitingBase electing start machine input config base message power beacon reason sectors number sealProof sealedCid eligible workerKey sectorSize networkPower outcome lost lambda digest missedBy ' +
  'previous entries data round blocks cid ticket height parents timestamp observed mined winCount template preparing prove proveWinningPost randomness postProof proofBytes select getMessages quality ' +
  'awaitingCutoff refreshingBase selecting selectBy cutoff create createBlock binding bind claiming claim verdict bound granted awaitingEpoch submitting submitBlock settling block mismatch $blob $length ' +
  'getTipset fate failure code retryable stage messages electionProof beaconEntries proofs vrfProof info deadlines giveUp submit won output';

const texts: readonly string[] = WORDS.split(' ');
const numbers: ReadonlyMap<string, number> = new Map(texts.map((word, i) => [word, i]));

/** The number of a word; `undefined` for any other text. */
export function numberOfWord(text: string): number | undefined {
  return numbers.get(text);
}

/** The word of a number; `undefined` for one that no word has. */
export function wordOfNumber(number: number): string | undefined {
  return texts[number];
}
