// SHA-256, written out: crypto.subtle is only there on https, and answers too late for a loop.
const ROUNDS = new Int32Array(64);
const START = new Int32Array(8);
const words = new Int32Array(64);

// The constants are the fractions of square and cube roots of the first primes.
function prepare(): void {
  for (let number = 2, found = 0; found < 64; number++) {
    if (!isPrime(number)) continue;
    if (found < 8) START[found] = (number ** 0.5 % 1) * 2 ** 32;
    ROUNDS[found++] = (Math.cbrt(number) % 1) * 2 ** 32;
  }
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

// Hash a padded message into eight words.
export function hash(message: DataView, into: Int32Array): void {
  if (!START[0]) prepare();
  into.set(START);
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = message.getInt32(block + i * 4);
    compress(into);
  }
}

// Hash a hash, in its place.
export function hashAgain(state: Int32Array): void {
  words.fill(0, 0, 16);
  words.set(state);
  words[8] = 1 << 31;
  words[15] = 256;
  state.set(START);
  compress(state);
}

function compress(state: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15]!;
    const y = words[i - 2]!;
    const s = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
    const t = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
    words[i] = words[i - 16]! + s + words[i - 7]! + t;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    const one = h + s + (e & f ^ ~e & g) + ROUNDS[i]! + words[i]!;
    const t = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
    const two = t + (a & b ^ a & c ^ b & c);
    h = g, g = f, f = e, e = d + one | 0, d = c, c = b, b = a, a = one + two | 0;
  }
  state[0]! += a, state[1]! += b, state[2]! += c, state[3]! += d;
  state[4]! += e, state[5]! += f, state[6]! += g, state[7]! += h;
}

// A message with room for its end, padded as SHA-256 wants it.
export function padded(bytes: number[]): DataView {
  const length = bytes.length;
  const view = new DataView(new ArrayBuffer((length + 72) >> 6 << 6));
  [...bytes, 128].forEach((byte, index) => view.setUint8(index, byte));
  view.setUint32(view.byteLength - 4, length * 8);
  return view;
}
